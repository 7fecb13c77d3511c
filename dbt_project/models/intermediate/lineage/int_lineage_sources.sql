-- One row per region, indicator, period and period that its value looks at: itself, and for reductions the base years, for
-- the peak all years before.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
),

first_bases as (
    select region, indicator, min(base_year) as base_year from {{ ref('int_base_years') }}
    group by region, indicator
),

published as (
    -- a reduction has no value before its first base year
    select periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
    from periods
    left join first_bases on periods.region = first_bases.region and periods.indicator = first_bases.indicator
    where
        periods.is_row
        and (first_bases.base_year is null or {{ year_of('periods.period_start') }} >= first_bases.base_year)
),

itself as (
    select published.*, published.period_start as source_start from published
),

bases as (
    select published.*, starts.month_start as source_start
    from published
    inner join {{ ref('int_base_years') }} as bases
        on published.region = bases.region and published.indicator = bases.indicator
    inner join {{ ref('ref_months') }} as starts on bases.base_year = starts.year and starts.month = 1
    where published.period_start > starts.month_start
),

earlier_years as (
    select published.*, earlier.period_start as source_start
    from published
    inner join published as earlier
        on
            published.region = earlier.region
            and published.indicator = earlier.indicator
            and published.period_start > earlier.period_start
    where published.indicator = 'co2_peak_year'
),

looked_at as (
    select * from itself
    union all
    select * from bases
    union all
    select * from earlier_years
)

select
    looked_at.region,
    looked_at.indicator,
    looked_at.period_type,
    looked_at.period_start,
    looked_at.period_end,
    source.period_start as source_start,
    source.period_end as source_end,
    feeds.feed
from looked_at
inner join periods as source
    on
        looked_at.region = source.region
        and looked_at.indicator = source.indicator
        and looked_at.period_type = source.period_type
        and looked_at.source_start = source.period_start
inner join {{ ref('indicator_feeds') }} as feeds
    on
        looked_at.indicator = feeds.indicator
        and (feeds.basis = 'any' or source.basis = feeds.basis)
