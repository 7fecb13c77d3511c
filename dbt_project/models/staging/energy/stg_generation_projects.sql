-- One row per project of the register.
with delivered as (
    select * from {{ source('raw', 'generation_projects') }}
),

winners as (
    select region, delivery_id, scope
    from {{ source('raw', 'winning_scopes') }}
    where feed = 'generation_projects'
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
        delivered.source,
        delivered.mounting,
        delivered.site,
        delivered.capacity_mw,
        delivered.storage_mw,
        delivered.storage_mwh,
        delivered.status,
        delivered.grid_date,
        delivered.retired_date
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
