-- One row per region, indicator and window: the indicators that come from the monthly feeds on either basis.
{% set measures = [
    ('electrification_rate', 'electricity_calorific_tce', 'final_tce', 'absent_reason'),
    ('building_electrification', 'building_electricity_tce', 'building_tce', 'absent_reason'),
    ('industrial_energy_intensity', 'industry_tce', 'value_added', 'coalesce(absent_reason, value_added_reason)'),
] %}
with value_added as (
    select
        gdp.region,
        gdp.value_2020,
        gdp.reason,
        calendar.month_start as period_start
    from {{ ref('int_gdp_constant') }} as gdp
    inner join {{ ref('ref_months') }} as calendar on gdp.year = calendar.year and calendar.month = 1
    where gdp.item = 'industry_above_scale'
),

windows as (
    select
        periods.*,
        sums.electricity_calorific_tce,
        sums.building_tce,
        sums.building_electricity_tce,
        sums.industry_tce,
        sums.coal_tce + sums.oil_tce + sums.gas_tce - sums.fossil_power_input_tce + sums.heat_tce
        + sums.direct_nonfossil_tce + sums.electricity_calorific_tce as final_tce,
        value_added.value_2020 as value_added,
        case when value_added.region is null then 'missing_value_added' else value_added.reason end
            as value_added_reason,
        'missing_feed: ' || periods.absent_feed as absent_reason
    from {{ ref('int_energy_periods') }} as periods
    left join {{ ref('int_energy_window_sums') }} as sums
        on
            periods.region = sums.region
            and periods.period_type = sums.period_type
            and periods.period_end = sums.period_end
    left join value_added on periods.region = value_added.region and periods.period_start = value_added.period_start
)

{% for indicator, numerator, denominator, reason in measures %}
    {% if not loop.first %}union all{% endif %}
    select
        region,
        '{{ indicator }}' as indicator,
        period_type,
        period_start,
        period_end,
        'monthly' as basis,
        cast({{ numerator }} as {{ amount() }}) as numerator,
        cast({{ denominator }} as {{ amount() }}) as denominator,
        {{ reason }} as reason
    from windows
    -- value added is known for whole years only
    {% if indicator == 'industrial_energy_intensity' %}where period_type = 'year'{% endif %}
{% endfor %}
