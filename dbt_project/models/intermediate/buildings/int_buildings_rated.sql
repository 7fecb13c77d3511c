-- One row per region, indicator and new urban building with a saving rate: its rate times its area, and its area.
with buildings as (
    select * from {{ ref('int_buildings') }}
    -- a building without a rate is left out; fct_buildings marks it
    where is_urban and completed_on is not null and kind in ('residential', 'public') and saving_rate_percent is not null
)

-- a mean of percentages is a percentage already: these two indicators are n/d, not 100 n/d
select
    region,
    concat(kind, '_saving_rate') as indicator,
    project_id,
    completed_on as counted_on,
    cast(saving_rate_percent * area_m2 as {{ amount() }}) as numerator,
    cast(area_m2 as {{ amount() }}) as denominator
from buildings
