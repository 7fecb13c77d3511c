-- One row per year, enterprise and kind of waste.
with delivered as (
    select * from {{ source('raw', 'industrial_waste') }}
),

winners as (
    select region, delivery_id, scope
    from {{ source('raw', 'winning_scopes') }}
    where feed = 'industrial_waste'
),

kept as (
    select
        delivered._region as region,
        delivered._delivery as delivery_id,
        delivered._scope as scope,
        delivered._sheet as sheet,
        delivered._row as row_number,

        delivered.year,
        delivered.enterprise_id,
        delivered.kind,
        delivered.generated_t,
        delivered.utilised_t,
        delivered.utilised_from_stock_t,
        delivered.disposed_t,
        delivered.stored_t
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
