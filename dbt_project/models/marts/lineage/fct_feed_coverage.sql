-- One row per region, feed that an indicator needs and month: what was expected, what is there and who is missing.
with months as (
    select
        coverage.region,
        coverage.feed,
        coverage.month_start,
        sum(coverage.expected_scopes) as expected_scopes,
        sum(coverage.present_scopes) as present_scopes,
        count(*) as periods,
        sum(case when coverage.is_delivered then 1 else 0 end) as delivered_periods
    from {{ ref('int_period_coverage') }} as coverage
    group by coverage.region, coverage.feed, coverage.month_start
),

-- a feed that a region has never delivered is missing as a whole
delivered as (
    select region, feed from {{ ref('int_delivered_periods') }}
    where feed in (select feeds.feed from {{ ref('indicator_feeds') }} as feeds)
    group by region, feed
),

missing as (
    select region, feed, month_start, {{ joined_texts('member') }} as members
    from {{ ref('int_missing_scopes') }}
    group by region, feed, month_start
)

select
    months.region,
    months.feed,
    months.month_start as month,
    cast(months.expected_scopes as bigint) as expected_scopes,
    cast(months.present_scopes as bigint) as present_scopes,
    cast(months.periods - months.delivered_periods as bigint) as silent_periods,
    missing.members as missing_members
from months
inner join delivered on months.region = delivered.region and months.feed = delivered.feed
left join missing
    on months.region = missing.region and months.feed = missing.feed and months.month_start = missing.month_start
