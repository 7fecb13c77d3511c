-- One row per region, indicator and year or trailing twelve months: the mean of the monthly rates.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where indicator in ('waste_sorting_rate', 'waste_bagging_rate') and period_type in ('year', 'ttm')
),

months as (
    select * from {{ ref('int_sorting_months') }}
)

select
    periods.region,
    periods.indicator,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    -- every month weighs the same, however many communities reported in it
    coalesce(sum(
        case when periods.indicator = 'waste_sorting_rate' then months.sorted_share else months.bagged_share end
    ), 0) as numerator,
    count(months.sorted_share) as denominator
from periods
inner join months
    on periods.region = months.region and months.month between periods.period_start and periods.period_end
group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
