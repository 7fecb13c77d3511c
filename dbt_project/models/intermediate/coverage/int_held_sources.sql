-- One row per region, indicator, period and feed on hold that its value looks at in days for which a delivery on hold would
-- speak.
with held as (
    select * from {{ ref('int_held_spans') }}
),

sources as (
    select * from {{ ref('int_lineage_sources') }}
    where region in (select held.region from held)
),

looked_at as (
    select region, indicator, period_type, period_start, source_start, source_end, feed from sources
    union
    -- a balance would take the place of the months
    select
        sources.region, sources.indicator, sources.period_type, sources.period_start,
        sources.source_start, sources.source_end, feeds.feed
    from sources
    inner join {{ ref('indicator_feeds') }} as feeds
        on sources.indicator = feeds.indicator and sources.period_type = 'year' and feeds.basis = 'balance'
),

parameters as (
    -- the parameters of a year may serve other years
    select region, 'region_parameters' as feed, year, served_year from {{ ref('int_region_parameters') }}
    where origin = 'delivered' and year <> served_year
    group by region, year, served_year
)

select distinct looked_at.region, looked_at.indicator, looked_at.period_type, looked_at.period_start, held.feed
from looked_at
inner join held
    on
        looked_at.region = held.region
        and looked_at.feed = held.feed
        and (held.indicator is null or looked_at.indicator = held.indicator)
left join {{ ref('int_feed_coverage') }} as coverage
    on
        looked_at.region = coverage.region
        and looked_at.feed = coverage.feed
        and looked_at.period_type = coverage.period_type
        and looked_at.source_start = coverage.period_start
left join parameters
    on held.region = parameters.region and held.feed = parameters.feed and held.served_year = parameters.served_year
where
    case
        -- an older register than the one that serves would change nothing
        when held.is_register and held.period_start < coverage.as_of then false
        when held.serves = 'dates' then true
        when held.is_register then held.served_year = {{ year_of('looked_at.source_start') }}
        when held.period_start between looked_at.source_start and looked_at.source_end then true
        else parameters.year between {{ year_of('looked_at.source_start') }} and {{ year_of('looked_at.source_end') }}
    end
