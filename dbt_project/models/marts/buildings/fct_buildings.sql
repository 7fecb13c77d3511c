-- One row per region and building project of the newest register.
with buildings as (
    select * from {{ ref('int_buildings') }}
)

select
    region,
    project_id,
    as_of,
    name,
    kind,
    is_central_urban,
    is_urban,
    is_government_funded,
    is_large_public,
    is_public_institution,
    started_on,
    completed_on,
    has_green_standard,
    stars,
    area_m2,
    housing_m2,
    prefab_m2,
    decorated_m2,
    roof_pv_m2,
    roof_m2,
    saving_rate_percent,
    lacks_saving_rate
from buildings
