-- One row per region and year that has an annual balance: what enters the totals. Same columns as int_energy_windows.
with balance as (
    select * from {{ ref('int_energy_balance_wide') }}
),

rates as (
    select * from {{ ref('int_energy_rates') }}
),

heat as (
    select tce_per_unit from {{ ref('ref_energy_products') }}
    where code = 'heat'
),

valued as (
    select
        balance.*,
        cast(balance.heat_import * heat.tce_per_unit as {{ amount() }}) as heat_tce,
        -- net exports keep their sign, so that they take their non-fossil part with them
        case
            when balance.electricity_import = 0 then 0
            else cast(balance.electricity_import * rates.tce_per_wan_kwh as {{ amount() }})
        end as import_tce,
        rates.co2_t_per_wan_kwh,
        rates.grid_nonfossil_share
    from balance
    cross join heat
    left join rates on balance.region = rates.region and balance.year = rates.year
)

select
    region,
    'year' as period_type,
    period_start,
    period_end,
    'balance' as basis,
    coal as coal_tce,
    oil as oil_tce,
    gas as gas_tce,
    heat_tce,
    heat_import as heat_gj,
    nonfossil as domestic_nonfossil_tce,
    electricity_import as import_wan_kwh,
    import_tce,
    case
        when electricity_import = 0 then 0
        else cast(import_tce * grid_nonfossil_share as {{ amount() }})
    end as import_nonfossil_tce,
    case
        when electricity_import <= 0 then 0
        else cast(electricity_import * co2_t_per_wan_kwh as {{ amount() }})
    end as import_co2_t,
    feedstock_coal as feedstock_coal_tce,
    feedstock_oil as feedstock_oil_tce,
    feedstock_gas as feedstock_gas_tce,
    cast(null as varchar) as absent_feed
from valued
