-- One row per region, feed that gives a stock at a month's end and month.
with calendar as (
    select month_start, month_end, year, month from {{ ref('ref_months') }}
),

delivered as (
    select delivered.region, delivered.feed, feeds.serves, delivered.period_start, delivered.period_year
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
    select region, feed, min(period_year) as first_year, max(period_start) as as_of
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
        -- a December register ends the year, so it ends December too
        registers.as_of >= case when calendar.month = 12 then calendar.month_start else calendar.month_end end as is_complete,
        registers.as_of
    from registers
    -- a register knows the dates of its whole year
    inner join calendar on registers.first_year <= calendar.year and registers.as_of >= calendar.month_start
),

stocks as (
    select * from reported
    union all
    select * from read_by_date
),

judged as (
    select stocks.*, stocks.is_complete and partial.partial_scopes is null as is_whole
    from stocks
    left join {{ ref('int_partial_periods') }} as partial
        on
            stocks.region = partial.region
            and stocks.feed = partial.feed
            and coalesce(stocks.as_of, stocks.period_start) = partial.period_start
)

select
    region,
    feed,
    'month' as period_type,
    period_start,
    period_end,
    1 as expected_scopes,
    case when is_whole then 1 else 0 end as present_scopes,
    is_whole as is_complete,
    false as is_absent,
    as_of
from judged
