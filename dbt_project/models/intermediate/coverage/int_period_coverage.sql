-- One row per region, feed and period of a timetable: how many deliveries were expected and how many are there and whole.
with counted as (
    select * from {{ ref('int_expected_scopes') }}
),

partial as (
    select * from {{ ref('int_partial_periods') }}
)

select
    counted.region,
    counted.feed,
    counted.period_start,
    counted.month_start,
    counted.is_delivered,
    -- rows were left out: that is one gap at least, even where no member is due any more
    case
        when partial.partial_scopes is not null then greatest(counted.expected_scopes, 1) else counted.expected_scopes
    end as expected_scopes,
    greatest(counted.present_scopes - coalesce(partial.partial_scopes, 0), 0) as present_scopes
from counted
left join partial
    on
        counted.region = partial.region
        and counted.feed = partial.feed
        and counted.period_start = partial.period_start
