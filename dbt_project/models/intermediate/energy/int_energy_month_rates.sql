-- One row per region and month: the components, with electricity valued at the parameters of the month's own year.
with months as (
    select * from {{ ref('int_energy_months') }}
),

rates as (
    select * from {{ ref('int_energy_rates') }}
),

balanced as (
    select
        months.*,
        rates.tce_per_wan_kwh,
        rates.co2_t_per_wan_kwh,
        rates.grid_nonfossil_share,
        -- signed on purpose: whether the window imports at all is decided on its total
        months.electricity_wan_kwh - months.nonfossil_generation_wan_kwh - months.fossil_generation_wan_kwh
            as net_import_wan_kwh
    from months
    left join rates on months.region = rates.region and months.year = rates.year
),

valued as (
    select
        *,
        case
            when nonfossil_generation_wan_kwh = 0 then 0
            else cast(nonfossil_generation_wan_kwh * tce_per_wan_kwh as {{ amount() }})
        end as nonfossil_generation_tce,
        cast(net_import_wan_kwh * tce_per_wan_kwh as {{ amount() }}) as net_import_tce,
        cast(net_import_wan_kwh * co2_t_per_wan_kwh as {{ amount() }}) as net_import_co2_t
    from balanced
)

select
    *,
    cast(net_import_tce * grid_nonfossil_share as {{ amount() }}) as net_import_nonfossil_tce
from valued
