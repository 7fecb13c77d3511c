-- One row per region, feed that gives a stock at a month's end and month.
with calendar as (
    select month_start, month_end from {{ ref('ref_months') }}
),

delivered as (
    select delivered.region, delivered.feed, feeds.serves, delivered.period_start
    from {{ ref('int_delivered_periods') }} as delivered
    inner join {{ ref('ref_feeds') }} as feeds on delivered.feed = feeds.feed
),

reported as (
    select
        delivered.region,
        delivered.feed,
        calendar.month_start as period_start,
        calendar.month_end as period_end,
        true as is_complete,
        cast(null as date) as as_of
    from delivered
    inner join calendar on delivered.period_start = calendar.month_start
    where delivered.feed = 'vehicle_stock'
),

registers as (
    select region, feed, min(period_start) as first_as_of, max(period_start) as as_of
    from delivered
    where serves = 'dates'
    group by region, feed
),

read_by_date as (
    select
        registers.region,
        registers.feed,
        calendar.month_start as period_start,
        calendar.month_end as period_end,
        registers.as_of >= calendar.month_end as is_complete,
        registers.as_of
    from registers
    inner join calendar
        on registers.first_as_of <= calendar.month_end and registers.as_of >= calendar.month_start
),

stocks as (
    select * from reported
    union all
    select * from read_by_date
)

select
    region,
    feed,
    'month' as period_type,
    period_start,
    period_end,
    1 as expected_scopes,
    case when is_complete then 1 else 0 end as present_scopes,
    is_complete,
    false as is_absent,
    as_of
from stocks
