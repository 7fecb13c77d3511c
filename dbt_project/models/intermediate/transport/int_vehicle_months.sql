-- One row per region and month with vehicle figures: new-energy vehicles, and the official fleet.
with vehicles as (
    select * from {{ ref('int_vehicle_stock') }}
)

select
    region,
    month,
    sum(case when is_new_energy then stock else 0 end) as new_energy,
    sum(case when is_new_energy and usage = 'official' then stock else 0 end) as official_new_energy,
    sum(case when usage = 'official' then stock else 0 end) as official
from vehicles
group by region, month
