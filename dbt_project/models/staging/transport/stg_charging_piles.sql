-- One row per pile of the register.
with delivered as (
    select * from {{ source('raw', 'charging_piles') }}
),

winners as (
    select region, delivery_id, scope
    from {{ source('raw', 'winning_scopes') }}
    where feed = 'charging_piles'
),

kept as (
    select
        delivered._region as region,
        delivered._delivery as delivery_id,
        delivered._scope as scope,
        delivered._sheet as sheet,
        delivered._row as row_number,

        delivered.as_of,
        delivered.pile_id,
        delivered.station_name,
        delivered.operator,
        delivered.access,
        delivered.power_kw,
        delivered.status,
        delivered.commissioned,
        delivered.removed_on
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
