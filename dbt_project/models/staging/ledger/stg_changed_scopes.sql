-- One row per region, feed and scope that this build takes up anew; nobody may speak for it any more.
with changed as (
    select
        region,
        feed,
        scope,
        member,

        period_start,
        period_end
    from {{ source('raw', 'changed_scopes') }}
)

select * from changed
