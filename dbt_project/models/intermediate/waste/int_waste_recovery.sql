-- One row per region, indicator and year or trailing twelve months with weighings: recovered waste against all.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where
        indicator in ('domestic_waste_recovery', 'kitchen_waste_recovery')
        and period_type in ('year', 'ttm')
),

months as (
    select * from {{ ref('int_waste_months') }}
)

select
    periods.region,
    periods.indicator,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    sum(
        case
            when periods.indicator = 'kitchen_waste_recovery' then months.kitchen_recovered_kg
            else months.recovered_kg
        end
    ) as numerator,
    sum(
        case when periods.indicator = 'kitchen_waste_recovery' then months.kitchen_kg else months.net_kg end
    ) as denominator
from periods
inner join months
    on periods.region = months.region and months.month between periods.period_start and periods.period_end
group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
