-- One row per year, quarter, item and price base.
with delivered as (
    select * from {{ source('raw', 'national_accounts') }}
),

winners as (
    select region, delivery_id, scope
    from {{ source('raw', 'winning_scopes') }}
    where feed = 'national_accounts'
),

kept as (
    select
        delivered._region as region,
        delivered._delivery as delivery_id,
        delivered._scope as scope,
        delivered._sheet as sheet,
        delivered._row as row_number,

        delivered.year,
        delivered.quarter,
        delivered.item,
        delivered.price_base,
        delivered.value_current,
        delivered.value_constant
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
