-- One row per region and project of the newest register.
with projects as (
    select * from {{ ref('int_generation_projects') }}
)

select
    region,
    project_id,
    as_of,
    name,
    source,
    mounting,
    site,
    status,
    grid_date,
    retired_date,
    capacity_mw,
    storage_mw,
    storage_mwh
from projects
