-- One row per region, indicator and period: charging piles in service at its end, a faulty pile still counting.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where indicator in ('charging_piles', 'public_charging_piles')
),

piles as (
    select * from {{ ref('int_charging_piles') }}
)

select
    periods.region,
    periods.indicator,
    periods.period_type,
    periods.period_start,
    periods.period_end,
    count(piles.pile_id) as numerator,
    cast(null as {{ amount() }}) as denominator
from periods
left join piles
    on
        periods.region = piles.region
        and periods.period_end >= piles.commissioned
        and (piles.removed_on is null or periods.period_end < piles.removed_on)
        and (piles.access = 'public' or periods.indicator = 'charging_piles')
group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
