-- One row per region, feed and scope for which a delivery would speak that is on hold.
with held as (
    select
        region,
        delivery_id,
        feed,
        scope,
        member,

        period_start,
        period_end
    from {{ source('raw', 'held_scopes') }}
)

select * from held
