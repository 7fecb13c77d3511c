-- One row per region, feed that speaks once a year (yearly tables, the accounts' fourth quarter, registers) and year.
with feeds as (
    select * from {{ ref('ref_feeds') }}
    where serves <> 'scope' or frequency = 'yearly'
),

spine as (
    select years.region, feeds.feed, feeds.serves, starts.month_start as period_start, ends.month_end as period_end, years.year
    from {{ ref('int_region_years') }} as years
    cross join feeds
    inner join {{ ref('ref_months') }} as starts on years.year = starts.year and starts.month = 1
    inner join {{ ref('ref_months') }} as ends on years.year = ends.year and ends.month = 12
),

delivered as (
    select * from {{ ref('int_delivered_periods') }}
),

newest as (
    select region, feed, max(period_start) as as_of from delivered
    group by region, feed
),

by_year as (
    select region, feed, period_year, max(period_start) as newest_period from delivered
    group by region, feed, period_year
),

served as (
    select
        spine.*,
        case spine.serves
            when 'register' then by_year.newest_period
            when 'dates' then newest.as_of
        end as as_of,
        case when spine.serves = 'dates' then newest.as_of else by_year.newest_period end as speaks,
        case spine.serves
            when 'dates' then newest.as_of is null
            else by_year.newest_period is null
        end as is_absent,
        case spine.serves
            when 'register' then {{ month_of('by_year.newest_period') }} in (12, 1)
            when 'dates' then newest.as_of >= december.month_start
            when 'accounts' then {{ month_of('by_year.newest_period') }} > 9
            else by_year.newest_period is not null
        end as is_complete
    from spine
    inner join {{ ref('ref_months') }} as december on spine.year = december.year and december.month = 12
    left join newest on spine.region = newest.region and spine.feed = newest.feed
    left join by_year
        on spine.region = by_year.region and spine.feed = by_year.feed and spine.year = by_year.period_year
),

judged as (
    select
        served.*,
        -- what speaks for the year must be whole, too
        coalesce(served.is_complete, false) and partial.partial_scopes is null as is_whole
    from served
    left join {{ ref('int_partial_periods') }} as partial
        on
            served.region = partial.region
            and served.feed = partial.feed
            and served.speaks = partial.period_start
)

select
    region,
    feed,
    'year' as period_type,
    period_start,
    period_end,
    1 as expected_scopes,
    case when is_whole then 1 else 0 end as present_scopes,
    is_whole as is_complete,
    is_absent,
    as_of
from judged
