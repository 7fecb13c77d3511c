-- One row per region and month with energy_enterprise rows: what only the enterprises' form knows.
with reports as (
    select * from {{ ref('int_energy_enterprise_tce') }}
)

select
    region,
    month,
    -- products the utilities sell are already in their figures, so only the others enter the total
    sum(case when balance = 'enterprise' and family = 'coal' then net_tce else 0 end) as coal_tce,
    sum(case when balance = 'enterprise' and family = 'oil' then net_tce else 0 end) as oil_tce,
    sum(case when balance = 'enterprise' and family = 'gas' then net_tce else 0 end) as gas_tce,
    sum(case when balance = 'enterprise' and family = 'heat' then net_tce else 0 end) as heat_tce,
    sum(case when balance = 'enterprise' and family = 'heat' then net_quantity else 0 end) as heat_gj,
    -- what power plants burn is counted as their generation
    sum(case when balance = 'enterprise' and family = 'nonfossil' then net_tce - power_input_tce else 0 end)
        as direct_nonfossil_tce,
    sum(case when family = 'coal' then feedstock_tce else 0 end) as feedstock_coal_tce,
    sum(case when family = 'oil' then feedstock_tce else 0 end) as feedstock_oil_tce,
    sum(case when family = 'gas' then feedstock_tce else 0 end) as feedstock_gas_tce,
    sum(case when family in ('coal', 'oil', 'gas') then power_input_tce else 0 end) as fossil_power_input_tce,
    sum(net_tce - feedstock_tce) as industry_tce
from reports
group by region, month
