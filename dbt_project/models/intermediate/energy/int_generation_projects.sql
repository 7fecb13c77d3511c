-- One row per region and project of the newest register of new-energy and storage projects.
with registers as (
    select
        region,
        max(period_start) as as_of
    from {{ ref('stg_winning_scopes') }}
    where feed = 'generation_projects'
    group by region
),

projects as (
    select * from {{ ref('stg_generation_projects') }}
)

select
    projects.region,
    projects.project_id,
    projects.as_of,
    projects.name,
    projects.source,
    projects.mounting,
    projects.site,
    projects.status,
    projects.grid_date,
    projects.retired_date,
    projects.status in ('operating', 'retired') as is_connected,
    projects.source not in ('gas', 'coal') as is_new_energy,
    cast(projects.capacity_mw as {{ quantity() }}) as capacity_mw,
    cast(coalesce(projects.storage_mw, 0) as {{ quantity() }}) as storage_mw,
    cast(coalesce(projects.storage_mwh, 0) as {{ quantity() }}) as storage_mwh
from projects
inner join registers on projects.region = registers.region and projects.as_of = registers.as_of
