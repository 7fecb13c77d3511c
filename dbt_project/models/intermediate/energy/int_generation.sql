-- One row per region, month and plant: what it generated, 10^4 kWh.
with generation as (
    select * from {{ ref('stg_power_generation') }}
)

select
    region,
    month,
    plant_id,
    plant_name,
    source,
    source not in ('gas', 'coal') as is_nonfossil,
    cast(generated as {{ quantity() }}) as generated_wan_kwh,
    cast(self_used as {{ quantity() }}) as self_used_wan_kwh
from generation
