-- One row per region, year and road project: old road material that arose and that was used again.
with materials as (
    select * from {{ ref('stg_road_materials') }}
)

select
    region,
    year,
    project_id,
    project_name,
    cast(generated_t as {{ quantity() }}) as generated_t,
    cast(recycled_t as {{ quantity() }}) as recycled_t
from materials
