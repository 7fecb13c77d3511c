-- One row per building project of the register.
with delivered as (
    select * from {{ source('raw', 'building_projects') }}
),

winners as (
    select region, delivery_id, scope
    from {{ source('raw', 'winning_scopes') }}
    where feed = 'building_projects'
),

kept as (
    select
        delivered._region as region,
        delivered._delivery as delivery_id,
        delivered._scope as scope,
        delivered._sheet as sheet,
        delivered._row as row_number,

        delivered.as_of,
        delivered.project_id,
        delivered.name,
        delivered.kind,
        delivered.central_urban,
        delivered.urban,
        delivered.government_funded,
        delivered.large_public,
        delivered.public_institution,
        delivered.area_m2,
        delivered.housing_m2,
        delivered.started_on,
        delivered.completed_on,
        delivered.green_standard,
        delivered.stars,
        delivered.prefab_m2,
        delivered.decorated_m2,
        delivered.saving_rate,
        delivered.roof_m2,
        delivered.roof_pv_m2
    from delivered
    inner join winners
        on
            delivered._region = winners.region
            and delivered._delivery = winners.delivery_id
            and delivered._scope = winners.scope
    -- the row of an empty scope only says that nothing happened
    where not delivered._is_empty
)

select * from kept
