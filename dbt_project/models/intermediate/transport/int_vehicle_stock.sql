-- One row per region, month, vehicle type, energy and usage: vehicles registered at the end of the month.
with vehicles as (
    select * from {{ ref('stg_vehicle_stock') }}
)

select
    region,
    month,
    vehicle_type,
    energy_type,
    usage,
    -- hybrids that cannot be plugged in run on petrol
    energy_type in ('bev', 'phev', 'fcev') as is_new_energy,
    cast(stock as bigint) as stock
from vehicles
