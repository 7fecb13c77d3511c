-- One row per region, feed and scope: the delivery that wins it.
with winners as (
    select
        region,
        delivery_id,
        feed,
        scope,
        member,

        period_start,
        period_end,

        row_count,
        is_empty,
        is_partial,
        corrections
    from {{ source('raw', 'winning_scopes') }}
)

select * from winners
