-- One row per region, indicator and year: forest coverage and stock.
with years as (
    select * from {{ ref('int_forest_years') }}
),

per_wan as (
    select value as per_wan from {{ ref('ref_constants') }}
    where name = 'per_wan'
)

select
    region,
    'forest_coverage' as indicator,
    'year' as period_type,
    period_start,
    period_end,
    cast(forest_ha as {{ amount() }}) as numerator,
    cast(land_ha as {{ amount() }}) as denominator
from years
union all
select
    years.region,
    'forest_stock' as indicator,
    'year' as period_type,
    years.period_start,
    years.period_end,
    cast(years.stock_m3 as {{ amount() }}) as numerator,
    cast(per_wan.per_wan as {{ amount() }}) as denominator
from years
cross join per_wan
