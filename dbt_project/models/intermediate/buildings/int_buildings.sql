-- One row per region and building project of the newest register.
with newest as (
    select
        region,
        max(period_start) as as_of
    from {{ ref('stg_winning_scopes') }}
    where feed = 'building_projects'
    group by region
),

projects as (
    select * from {{ ref('stg_building_projects') }}
)

select
    projects.region,
    projects.project_id,
    projects.as_of,
    projects.name,
    projects.kind,
    projects.central_urban as is_central_urban,
    projects.urban as is_urban,
    projects.government_funded as is_government_funded,
    projects.large_public as is_large_public,
    projects.public_institution as is_public_institution,
    projects.started_on,
    projects.completed_on,
    projects.green_standard as has_green_standard,
    projects.stars,
    cast(projects.area_m2 as {{ quantity() }}) as area_m2,
    cast(projects.housing_m2 as {{ quantity() }}) as housing_m2,
    -- an area that is not stated was not built that way
    cast(coalesce(projects.prefab_m2, 0) as {{ quantity() }}) as prefab_m2,
    cast(coalesce(projects.decorated_m2, 0) as {{ quantity() }}) as decorated_m2,
    cast(coalesce(projects.roof_pv_m2, 0) as {{ quantity() }}) as roof_pv_m2,
    cast(projects.roof_m2 as {{ quantity() }}) as roof_m2,
    cast(projects.saving_rate as {{ quantity() }}) as saving_rate_percent,
    projects.urban
    and projects.completed_on is not null
    and projects.kind in ('residential', 'public')
    and projects.saving_rate is null as lacks_saving_rate
from projects
inner join newest on projects.region = newest.region and projects.as_of = newest.as_of
