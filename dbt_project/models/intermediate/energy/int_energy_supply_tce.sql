-- One row per region, month, product and sector: what was used, in the product's own unit and in tce.
with supply as (
    select * from {{ ref('stg_energy_supply') }}
),

products as (
    select * from {{ ref('ref_energy_products') }}
),

units as (
    select * from {{ ref('ref_units') }}
),

converted as (
    select
        supply.region,
        supply.month,
        supply.product,
        supply.sector,
        products.family,
        products.unit,
        products.tce_per_unit,
        cast(cast(supply.quantity as {{ quantity() }}) * units.factor as {{ amount() }}) as quantity
    from supply
    left join products on supply.product = products.code
    left join units on supply.unit = units.unit
)

select
    region,
    month,
    product,
    sector,
    family,
    unit,
    quantity,
    -- electricity stands at its calorific value here; the equivalent value needs the year's power_coal_rate
    cast(quantity * tce_per_unit as {{ amount() }}) as tce
from converted
