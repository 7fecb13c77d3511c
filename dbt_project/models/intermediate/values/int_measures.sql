-- One row per region, indicator and period: the numerator and denominator that every domain computed.
{% set domains = ['energy', 'transport', 'buildings', 'waste', 'land', 'governance'] %}
{% for domain in domains %}
    {% if not loop.first %}union all{% endif %}
    select region, indicator, period_type, period_start, period_end, method, basis, numerator, denominator, reason
    from {{ ref('int_measures_' ~ domain) }}
{% endfor %}
