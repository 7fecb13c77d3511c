-- One row per region, year and road project: old road material that arose and that was used again.
with materials as (
    select * from {{ ref('int_road_materials') }}
)

select
    region,
    year,
    project_id,
    project_name,
    generated_t,
    recycled_t
from materials
