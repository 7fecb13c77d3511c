-- One row per region, feed, scope and accepted delivery, held ones too.
with accepted as (
    select
        region,
        delivery_id,
        feed,
        scope,
        member,

        seq,
        accepted_at,
        is_held,
        period_start,
        period_end,

        row_count,
        is_empty
    from {{ source('raw', 'accepted_scopes') }}
)

select * from accepted
