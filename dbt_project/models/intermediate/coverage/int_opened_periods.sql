-- One row per region, indicator and period that gets a row, from the first to the last delivery of its feeds, and per base
-- year of a reduction, which is compared with even where it gets no row of its own.
with openers as (
    select
        feeds.indicator,
        delivered.region,
        delivered.feed,
        delivered.period_start,
        delivered.period_year,
        ref_feeds.frequency in ('daily', 'monthly') and ref_feeds.serves = 'scope' as is_within_year
    from {{ ref('indicator_feeds') }} as feeds
    inner join {{ ref('int_delivered_periods') }} as delivered on feeds.feed = delivered.feed
    inner join {{ ref('ref_feeds') }} as ref_feeds on feeds.feed = ref_feeds.feed
    where feeds.opens_rows
),

calendar as (
    select *, year * 12 + month as month_number from {{ ref('ref_months') }}
),

year_spans as (
    select region, indicator, min(period_year) as first_year, max(period_year) as last_year from openers
    group by region, indicator
),

ttm_spans as (
    select openers.region, openers.indicator, min(openers.period_start) as first_day, max(openers.period_start) as last_day
    from openers
    inner join {{ ref('plan_indicators') }} as indicators on openers.indicator = indicators.code
    where openers.is_within_year and indicators.ttm
    group by openers.region, openers.indicator
),

stocks as (
    select openers.region, openers.indicator, coverage.period_start, coverage.period_end
    from (
        select region, indicator, feed from openers
        group by region, indicator, feed
    ) as openers
    inner join {{ ref('plan_indicators') }} as indicators on openers.indicator = indicators.code
    inner join {{ ref('int_stock_coverage') }} as coverage
        on openers.region = coverage.region and openers.feed = coverage.feed
    where indicators.month_end
),

years as (
    select spans.region, spans.indicator, calendar.year from year_spans as spans
    inner join calendar on calendar.year between spans.first_year and spans.last_year and calendar.month = 1
),

base_years as (
    select bases.region, bases.indicator, bases.base_year as year
    from {{ ref('int_base_years') }} as bases
    inner join year_spans as spans on bases.region = spans.region and bases.indicator = spans.indicator
),

all_years as (
    select region, indicator, year, max(is_row) as is_row
    from (
        select region, indicator, year, 1 as is_row from years
        union all
        select region, indicator, year, 0 as is_row from base_years
    ) as opened
    group by region, indicator, year
)

select
    all_years.region, all_years.indicator, 'year' as period_type, starts.month_start as period_start,
    ends.month_end as period_end, all_years.is_row = 1 as is_row
from all_years
inner join calendar as starts on all_years.year = starts.year and starts.month = 1
inner join calendar as ends on all_years.year = ends.year and ends.month = 12
union all
select
    spans.region, spans.indicator, 'ttm' as period_type, starts.month_start as period_start,
    ends.month_end as period_end, true as is_row
from ttm_spans as spans
inner join calendar as starts on spans.first_day <= starts.month_end
inner join calendar as ends on ends.month_number = starts.month_number + 11 and spans.last_day >= ends.month_start
union all
select region, indicator, 'month' as period_type, period_start, period_end, true as is_row from stocks
