-- One row per region, month and plant.
with generation as (
    select * from {{ ref('int_generation') }}
)

select
    region,
    month,
    plant_id,
    plant_name,
    source,
    is_nonfossil,
    generated_wan_kwh,
    self_used_wan_kwh
from generation
