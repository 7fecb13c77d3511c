-- One row per region, feed and period of a timetable: how many deliveries were expected and how many are there, whole or not.
with periods as (
    select 'daily' as frequency, day as period_start, month_start, year from {{ ref('int_days') }}
    union all
    select 'monthly' as frequency, month_start as period_start, month_start, year from {{ ref('ref_months') }}
    union all
    select 'quarterly' as frequency, month_start as period_start, month_start, year from {{ ref('ref_months') }}
    where month in (1, 4, 7, 10)
),

spine as (
    select years.region, feeds.feed, feeds.member is not null as has_members, periods.period_start, periods.month_start
    from {{ ref('int_region_years') }} as years
    cross join {{ ref('ref_feeds') }} as feeds
    inner join periods on feeds.frequency = periods.frequency and years.year = periods.year
    where feeds.serves = 'scope'
),

member_periods as (
    select * from {{ ref('int_member_periods') }}
),

members as (
    select spans.region, spans.feed, spans.member, spans.first_period, ends.last_period
    from (
        select region, feed, member, min(period_start) as first_period from member_periods
        group by region, feed, member
    ) as spans
    left join {{ ref('int_member_ends') }} as ends
        on spans.region = ends.region and spans.feed = ends.feed and spans.member = ends.member
),

due as (
    select
        spine.region,
        spine.feed,
        spine.period_start,
        count(*) as due_scopes,
        count(member_periods.member) as present_scopes
    from spine
    inner join members
        on
            spine.region = members.region
            and spine.feed = members.feed
            and spine.period_start >= members.first_period
            and (members.last_period is null or spine.period_start <= members.last_period)
    left join member_periods
        on
            members.region = member_periods.region
            and members.feed = member_periods.feed
            and members.member = member_periods.member
            and spine.period_start = member_periods.period_start
    group by spine.region, spine.feed, spine.period_start
)

select
    spine.region,
    spine.feed,
    spine.period_start,
    spine.month_start,
    delivered.feed is not null as is_delivered,
    -- a period that nobody delivered is one gap at least
    case
        when due.due_scopes is not null then due.due_scopes
        when spine.has_members and delivered.feed is not null then 0
        else 1
    end as expected_scopes,
    case
        when spine.has_members then coalesce(due.present_scopes, 0)
        when delivered.feed is not null then 1
        else 0
    end as present_scopes
from spine
left join due
    on spine.region = due.region and spine.feed = due.feed and spine.period_start = due.period_start
left join {{ ref('int_delivered_periods') }} as delivered
    on spine.region = delivered.region and spine.feed = delivered.feed and spine.period_start = delivered.period_start
