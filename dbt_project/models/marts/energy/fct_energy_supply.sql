-- One row per region, month, product and sector; unrounded, so that the indicators' sums can be retraced from here.
with supply as (
    select * from {{ ref('int_energy_supply_tce') }}
)

select
    region,
    month,
    product,
    sector,
    family,
    unit,
    quantity,
    tce
from supply
