-- One row per region, year and item of the annual balance, in tce (fuels), 10^4 kWh (electricity) or GJ (heat).
with items as (
    select * from {{ ref('int_energy_balance_items') }}
)

select
    region,
    year,
    item,
    cast(quantity as {{ amount() }}) as quantity
from items
