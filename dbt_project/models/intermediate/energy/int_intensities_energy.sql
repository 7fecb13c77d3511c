-- One row per region, reduction, method and year: the intensity whose fall the reduction measures, per 10^4 yuan.
{% set energy, co2 = 'energy_intensity_reduction', 'co2_intensity_reduction' %}
{% set intensities = [
    (energy, 'excluding_feedstock', 'total_tce - feedstock_tce', 'total_reason'),
    (energy, 'plain', 'total_tce', 'total_reason'),
    (energy, 'excluding_feedstock_and_nonfossil', 'total_tce - feedstock_tce - nonfossil_tce', 'nonfossil_reason'),
    (co2, 'default', 'co2_t', 'co2_reason'),
] %}
with gdp as (
    select * from {{ ref('int_gdp_constant') }}
    where item = 'gdp'
),

years as (
    select
        totals.*,
        calendar.year,
        gdp.value_2020 as gdp,
        case when gdp.region is null then 'missing_gdp' else gdp.reason end as gdp_reason
    from {{ ref('int_energy_totals') }} as totals
    inner join {{ ref('ref_months') }} as calendar on totals.period_start = calendar.month_start
    left join gdp on totals.region = gdp.region and calendar.year = gdp.year
    where totals.period_type = 'year'
)

{% for indicator, method, numerator, reason in intensities %}
    {% if not loop.first %}union all{% endif %}
    select
        region,
        '{{ indicator }}' as indicator,
        '{{ method }}' as method,
        year,
        basis,
        cast({{ numerator }} as {{ amount() }}) as numerator,
        cast(gdp as {{ amount() }}) as denominator,
        coalesce({{ reason }}, gdp_reason) as reason
    from years
{% endfor %}
