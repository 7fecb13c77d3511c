-- One row per region, indicator and window: the indicators that stand on the energy totals alone.
{% set measures = [
    ('non_fossil_share', 'nonfossil_tce', 'total_tce', 'nonfossil_reason'),
    ('clean_energy_share', 'gas_tce + nonfossil_tce', 'total_tce', 'nonfossil_reason'),
    ('coal_consumption', 'coal_tce', 'per_wan', 'case when coal_tce is null then total_reason end'),
    ('oil_consumption', 'oil_tce', 'per_wan', 'case when oil_tce is null then total_reason end'),
    ('co2_emissions', 'co2_t', 'per_wan', 'co2_reason'),
] %}
with totals as (
    select
        totals.*,
        constants.value as per_wan
    from {{ ref('int_energy_totals') }} as totals
    cross join {{ ref('ref_constants') }} as constants
    where constants.name = 'per_wan'
)

{% for indicator, numerator, denominator, reason in measures %}
    {% if not loop.first %}union all{% endif %}
    select
        region,
        '{{ indicator }}' as indicator,
        period_type,
        period_start,
        period_end,
        basis,
        cast({{ numerator }} as {{ amount() }}) as numerator,
        cast({{ denominator }} as {{ amount() }}) as denominator,
        {{ reason }} as reason
    from totals
{% endfor %}
