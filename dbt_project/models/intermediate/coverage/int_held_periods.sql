-- One row per region, indicator and period for whose value a delivery on hold would speak. Where it would be the first to
-- speak of a period, the newest value there is stands for it.
with held as (
    select * from {{ ref('int_held_spans') }}
),

newest as (
    select region, indicator, period_type, max(period_start) as period_start, max(period_end) as period_end
    from {{ ref('int_lineage_sources') }}
    where region in (select held.region from held)
    group by region, indicator, period_type
),

beyond as (
    select newest.region, newest.indicator, newest.period_type, newest.period_start, held.feed
    from newest
    inner join {{ ref('indicator_feeds') }} as feeds
        on
            newest.indicator = feeds.indicator
            and feeds.opens_rows
            and (newest.period_type = 'year' or feeds.basis not in ('balance', 'opener'))
    inner join held
        on
            newest.region = held.region
            and feeds.feed = held.feed
            and (held.indicator is null or newest.indicator = held.indicator)
    where
        case
            when newest.period_type = 'year' then held.served_year > {{ year_of('newest.period_end') }}
            else held.period_start > newest.period_end
        end
),

reached as (
    select region, indicator, period_type, period_start, feed from {{ ref('int_held_sources') }}
    union all
    select region, indicator, period_type, period_start, feed from beyond
)

select
    region,
    indicator,
    period_type,
    period_start,
    {{ joined_texts('feed') }} as held_feeds
from reached
group by region, indicator, period_type, period_start
