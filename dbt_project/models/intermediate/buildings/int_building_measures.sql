-- One row per region, indicator and year: the buildings of the newest register that count in the year, summed.
{% set columns = 'region, indicator, counted_on, numerator, denominator' %}
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
    select {{ columns }} from {{ ref('int_buildings_completed') }}
    union all
    select {{ columns }} from {{ ref('int_buildings_started') }}
)

select
    periods.region,
    periods.indicator,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    coalesce(sum(counted.numerator), 0) as numerator,
    coalesce(sum(counted.denominator), 0) as denominator
from periods
left join counted
    on
        periods.region = counted.region
        and periods.indicator = counted.indicator
        and counted.counted_on between periods.period_start and periods.period_end
group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
