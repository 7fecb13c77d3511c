-- One row per region, building indicator and year: numerator and denominator of its value, or why there is none.
{% set columns = 'region, indicator, period_type, period_start, period_end, numerator, denominator' %}
with measures as (
    select {{ columns }} from {{ ref('int_building_measures') }}
    union all
    select {{ columns }} from {{ ref('int_building_renewables') }}
)

select
    region,
    indicator,
    period_type,
    period_start,
    period_end,
    'default' as method,
    cast(null as varchar) as basis,
    cast(numerator as {{ amount() }}) as numerator,
    cast(denominator as {{ amount() }}) as denominator,
    case when denominator = 0 then 'zero_denominator' end as reason
from measures
