-- One row per region and window in which none of the three monthly feeds is absent: plain sums of its months.
{% set components = [
    'electricity_wan_kwh', 'nonfossil_generation_wan_kwh', 'fossil_generation_wan_kwh', 'net_import_wan_kwh',
    'coal_tce', 'oil_tce', 'gas_tce', 'heat_tce', 'heat_gj', 'direct_nonfossil_tce',
    'nonfossil_generation_tce', 'net_import_tce', 'net_import_nonfossil_tce', 'net_import_co2_t',
    'feedstock_coal_tce', 'feedstock_oil_tce', 'feedstock_gas_tce', 'fossil_power_input_tce',
    'industry_tce', 'electricity_calorific_tce', 'building_tce', 'building_electricity_tce',
] %}
with periods as (
    select * from {{ ref('int_energy_periods') }}
    where absent_feed is null
),

months as (
    select * from {{ ref('int_energy_month_rates') }}
)

select
    periods.region,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    {% for component in components %}
        sum(months.{{ component }}) as {{ component }}{% if not loop.last %},{% endif %}
    {% endfor %}
from periods
inner join months
    on periods.region = months.region and months.month between periods.period_start and periods.period_end
group by periods.region, periods.period_type, periods.period_start, periods.period_end
