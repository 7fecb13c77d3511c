-- One row per region, indicator and new urban building with a saving rate: the area it saves, and all its area.
with buildings as (
    select * from {{ ref('int_buildings') }}
    -- a building without a rate is left out; fct_buildings marks it
    where is_urban and completed_on is not null and kind in ('residential', 'public') and saving_rate_percent is not null
),

percent as (
    select value as percent from {{ ref('ref_constants') }}
    where name = 'percent'
),

rated as (
    select
        buildings.*,
        cast({{ exact_ratio('buildings.saving_rate_percent', 'percent.percent') }} as decimal(18, 12)) as saving_rate
    from buildings
    cross join percent
)

select
    region,
    concat(kind, '_saving_rate') as indicator,
    project_id,
    completed_on as counted_on,
    cast(saving_rate * area_m2 as {{ amount() }}) as numerator,
    cast(area_m2 as {{ amount() }}) as denominator
from rated
