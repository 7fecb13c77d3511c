-- One row per region, indicator and window: the indicators that come from the monthly feeds on either basis.
with periods as (
    select * from {{ ref('int_energy_periods') }}
),

sums as (
    select * from {{ ref('int_energy_window_sums') }}
),

value_added as (
    select gdp.*, calendar.month_start as period_start
    from {{ ref('int_gdp_constant') }} as gdp
    inner join {{ ref('ref_months') }} as calendar on gdp.year = calendar.year and calendar.month = 1
    where gdp.item = 'industry_above_scale'
),

windows as (
    select
        periods.region, periods.period_type, periods.period_start, periods.period_end,
        'missing_feed: ' || periods.absent_feed as absent_reason,
        sums.electricity_calorific_tce, sums.building_tce, sums.building_electricity_tce, sums.industry_tce,
        sums.coal_tce + sums.oil_tce + sums.gas_tce - sums.fossil_power_input_tce + sums.heat_tce
        + sums.direct_nonfossil_tce + sums.electricity_calorific_tce as final_tce
    from periods
    left join sums
        on
            periods.region = sums.region
            and periods.period_type = sums.period_type
            and periods.period_end = sums.period_end
)

select region, 'electrification_rate' as indicator, period_type, period_start, period_end, 'monthly' as basis,
    electricity_calorific_tce as numerator, final_tce as denominator, absent_reason as reason
from windows
union all
select region, 'building_electrification' as indicator, period_type, period_start, period_end, 'monthly' as basis,
    building_electricity_tce as numerator, building_tce as denominator, absent_reason as reason
from windows
union all
select windows.region, 'industrial_energy_intensity' as indicator, windows.period_type, windows.period_start,
    windows.period_end, 'monthly' as basis, windows.industry_tce as numerator, value_added.value_2020 as denominator,
    case
        when windows.absent_reason is not null then windows.absent_reason
        when value_added.region is null then 'missing_value_added'
        else value_added.reason
    end as reason
from windows
left join value_added
    on windows.region = value_added.region and windows.period_start = value_added.period_start
where windows.period_type = 'year'
