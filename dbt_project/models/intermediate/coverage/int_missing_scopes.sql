-- One row per region, feed that an indicator needs, period of its timetable and member that is missing; the member is
-- missing itself where nobody delivered.
with gaps as (
    select region, feed, period_start, month_start
    from {{ ref('int_expected_scopes') }}
    where
        present_scopes < expected_scopes
        and feed in (select feeds.feed from {{ ref('indicator_feeds') }} as feeds)
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
    select gaps.region, gaps.feed, gaps.period_start, members.member
    from gaps
    inner join members
        on
            gaps.region = members.region
            and gaps.feed = members.feed
            and gaps.period_start >= members.first_period
            and (members.last_period is null or gaps.period_start <= members.last_period)
)

select gaps.region, gaps.feed, gaps.period_start, gaps.month_start, due.member
from gaps
left join due
    on gaps.region = due.region and gaps.feed = due.feed and gaps.period_start = due.period_start
left join member_periods as present
    on
        due.region = present.region
        and due.feed = present.feed
        and due.member = present.member
        and due.period_start = present.period_start
where present.member is null
