-- One row per region, indicator of land or circular economy and year: numerator and denominator of its value, or why there is none.
-- every part is cast before the union, which would otherwise settle on the fewest places
with measures as (
    {% for model in ['forest', 'park', 'audit'] %}
        {% if not loop.first %}union all{% endif %}
        select
            region,
            indicator,
            period_type,
            period_start,
            period_end,
            cast(numerator as {{ amount() }}) as numerator,
            cast(denominator as {{ amount() }}) as denominator
        from {{ ref('int_' ~ model ~ '_measures') }}
    {% endfor %}
)

select
    region,
    indicator,
    period_type,
    period_start,
    period_end,
    'default' as method,
    cast(null as varchar) as basis,
    numerator,
    denominator,
    case when denominator = 0 then 'zero_denominator' end as reason
from measures
