-- One row per region and month with energy_supply rows: the utilities' figures by family.
with supply as (
    select * from {{ ref('int_energy_supply_tce') }}
)

select
    region,
    month,
    sum(case when family = 'electricity' then quantity else 0 end) as electricity_wan_kwh,
    sum(case when family = 'electricity' then tce else 0 end) as electricity_calorific_tce,
    sum(case when family = 'coal' then tce else 0 end) as coal_tce,
    sum(case when family = 'oil' then tce else 0 end) as oil_tce,
    sum(case when family = 'gas' then tce else 0 end) as gas_tce,
    sum(case when sector in ('commerce', 'public', 'residential') then tce else 0 end) as building_tce,
    sum(case when sector in ('commerce', 'public', 'residential') and family = 'electricity' then tce else 0 end)
        as building_electricity_tce
from supply
group by region, month
