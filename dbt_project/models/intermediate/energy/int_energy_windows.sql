-- One row per region and window: what enters the totals on the monthly basis. Same columns as int_energy_balance_years.
with periods as (
    select * from {{ ref('int_energy_periods') }}
),

sums as (
    select * from {{ ref('int_energy_window_sums') }}
)

select
    periods.region,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    'monthly' as basis,
    sums.coal_tce,
    sums.oil_tce,
    sums.gas_tce,
    sums.heat_tce,
    sums.heat_gj,
    sums.direct_nonfossil_tce + sums.nonfossil_generation_tce as domestic_nonfossil_tce,
    case when sums.net_import_wan_kwh > 0 then sums.net_import_wan_kwh when sums.region is not null then 0 end
        as import_wan_kwh,
    -- max(E - G_f, G_nf) = G_nf + I, so the import carries the branch; without one no parameter of the grid is needed
    case when sums.net_import_wan_kwh > 0 then sums.net_import_tce when sums.region is not null then 0 end
        as import_tce,
    case when sums.net_import_wan_kwh > 0 then sums.net_import_nonfossil_tce when sums.region is not null then 0 end
        as import_nonfossil_tce,
    case when sums.net_import_wan_kwh > 0 then sums.net_import_co2_t when sums.region is not null then 0 end
        as import_co2_t,
    sums.feedstock_coal_tce,
    sums.feedstock_oil_tce,
    sums.feedstock_gas_tce,
    periods.absent_feed
from periods
left join sums
    on
        periods.region = sums.region
        and periods.period_type = sums.period_type
        and periods.period_end = sums.period_end
