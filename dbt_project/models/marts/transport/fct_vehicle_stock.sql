-- One row per region, month, vehicle type, energy and usage: vehicles registered at the end of the month.
with vehicles as (
    select * from {{ ref('int_vehicle_stock') }}
)

select
    region,
    month,
    vehicle_type,
    energy_type,
    usage,
    is_new_energy,
    stock
from vehicles
