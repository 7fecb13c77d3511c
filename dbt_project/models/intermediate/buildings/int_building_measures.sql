-- One row per region, indicator and year: the buildings of the newest register that count in the year, summed.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where
        period_type = 'year'
        and indicator in (
            'green_standard_share', 'star_green_share', 'public_one_star_share', 'residential_saving_rate',
            'public_saving_rate', 'public_roof_pv_coverage', 'factory_roof_pv_coverage', 'prefab_housing_share',
            'decorated_housing_share', 'prefab_building_share', 'government_prefab_share'
        )
),

counted as (
    select region, indicator, counted_on, numerator, denominator from {{ ref('int_buildings_completed') }}
    union all
    select region, indicator, counted_on, numerator, denominator from {{ ref('int_buildings_started') }}
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
