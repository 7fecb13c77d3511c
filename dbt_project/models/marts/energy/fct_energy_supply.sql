-- One row per region, month, product and sector.
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
    cast(quantity as {{ quantity() }}) as quantity,
    {{ rounded('tce') }} as tce
from supply
