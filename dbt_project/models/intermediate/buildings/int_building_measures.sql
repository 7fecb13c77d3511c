-- One row per region, indicator and year: the buildings of the newest register that count in the year, summed.
with periods as (
    select periods.*
    from {{ ref('int_indicator_periods') }} as periods
    inner join {{ ref('indicator_feeds') }} as feeds
        on periods.indicator = feeds.indicator and feeds.feed = 'building_projects'
    where periods.period_type = 'year'
),

counted as (
    select
        region,
        indicator,
        counted_on,
        numerator,
        denominator
    from {{ ref('int_buildings_completed') }}
    union all
    select
        region,
        indicator,
        counted_on,
        numerator,
        denominator
    from {{ ref('int_buildings_started') }}
    union all
    select
        region,
        indicator,
        counted_on,
        numerator,
        denominator
    from {{ ref('int_buildings_rated') }}
)

select
    periods.region,
    periods.indicator,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    cast(coalesce(sum(counted.numerator), 0) as {{ amount() }}) as numerator,
    cast(coalesce(sum(counted.denominator), 0) as {{ amount() }}) as denominator
from periods
left join counted
    on
        periods.region = counted.region
        and periods.indicator = counted.indicator
        and counted.counted_on between periods.period_start and periods.period_end
group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
