-- One row per region, feed with a timetable and window: calendar years and twelve months ending with a month.
with months as (
    select
        region,
        feed,
        month_start,
        sum(expected_scopes) as expected_scopes,
        sum(present_scopes) as present_scopes,
        count(*) as periods,
        sum(case when is_delivered then 1 else 0 end) as delivered_periods
    from {{ ref('int_period_coverage') }}
    group by region, feed, month_start
),

calendar as (
    select month_start, month_end, year, year * 12 + month as month_number from {{ ref('ref_months') }}
),

windows as (
    select
        'year' as period_type, starts.month_start as period_start, ends.month_end as period_end,
        starts.month_number as first_number, ends.month_number as last_number
    from calendar as starts
    inner join calendar as ends on starts.year = ends.year and ends.month_number = starts.month_number + 11
    union all
    select
        'ttm' as period_type, starts.month_start as period_start, ends.month_end as period_end,
        starts.month_number as first_number, ends.month_number as last_number
    from calendar as starts
    inner join calendar as ends on ends.month_number = starts.month_number + 11
),

feed_windows as (
    select
        months.region,
        months.feed,
        windows.period_type,
        windows.period_start,
        windows.period_end,
        sum(months.expected_scopes) as expected_scopes,
        sum(months.present_scopes) as present_scopes,
        sum(months.periods) as periods,
        sum(months.delivered_periods) as delivered_periods
    from months
    inner join calendar on months.month_start = calendar.month_start
    inner join windows on calendar.month_number between windows.first_number and windows.last_number
    group by months.region, months.feed, windows.period_type, windows.period_start, windows.period_end
)

select
    region,
    feed,
    period_type,
    period_start,
    period_end,
    cast(expected_scopes as bigint) as expected_scopes,
    cast(present_scopes as bigint) as present_scopes,
    delivered_periods = periods and present_scopes = expected_scopes as is_complete,
    delivered_periods = 0 as is_absent,
    cast(null as date) as as_of
from feed_windows
