-- One row per factor set and item: every number that the formulas multiply or divide by and that no bureau delivers.
with co2 as (
    select factor_set, version, item, factor as value, unit, citation from {{ ref('ref_co2_factors') }}
),

products as (
    select * from {{ ref('ref_energy_products') }}
),

routes as (
    select * from {{ ref('ref_waste_routes') }}
),

factors as (
    select * from co2
    union all
    select 'tce' as factor_set, '1' as version, code as item, tce_per_unit as value, concat('tce/', unit) as unit, citation
    from products
    union all
    select 'ndrc' as factor_set, '1' as version, code as item, tco2_per_unit as value, concat('tCO2/', unit) as unit, citation
    from products
    where tco2_per_unit is not null
    union all
    select 'constants' as factor_set, '1' as version, name as item, value, unit, citation from {{ ref('ref_constants') }}
    union all
    select 'waste_recovery' as factor_set, '1' as version, route as item, recovered_weight as value, '1' as unit, name_zh as citation
    from routes
    union all
    select 'kitchen_recovery' as factor_set, '1' as version, route as item, kitchen_weight as value, '1' as unit, name_zh as citation
    from routes
)

select
    factor_set,
    version,
    item,
    cast(value as {{ quantity() }}) as value,
    unit,
    citation
from factors
