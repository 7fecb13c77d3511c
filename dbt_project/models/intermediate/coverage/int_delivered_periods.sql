-- One row per region, feed and period that somebody delivered, with the year of rows it opens; a register's period is its date.
with scopes as (
    select scopes.region, scopes.feed, scopes.period_start, feeds.serves
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_feeds') }} as feeds on scopes.feed = feeds.feed
),

delivered as (
    select region, feed, period_start, serves in ('register', 'dates') as is_register from scopes
    union
    select region, feed, period_start, false as is_register from {{ ref('int_member_periods') }}
)

select
    region,
    feed,
    period_start,
    case when is_register then {{ register_year('period_start') }} else {{ year_of('period_start') }} end as period_year
from delivered
