-- One row per region, indicator and year that was delivered: how people travel in the centre, and old road material.
with delivered as (
    select
        scopes.region,
        scopes.feed,
        scopes.period_start,
        scopes.period_end,
        calendar.year
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as calendar on scopes.period_start = calendar.month_start
    where scopes.feed in ('travel_survey', 'road_materials')
),

sums as (
    select
        region,
        year,
        'travel_survey' as feed,
        sum(case when mode = 'bus' then trips_wan_per_day else 0 end) as numerator,
        sum(trips_wan_per_day) as denominator
    from {{ ref('int_travel_survey') }}
    where area = 'central' and is_motorised
    group by region, year
    union all
    select
        region,
        year,
        'road_materials' as feed,
        sum(recycled_t) as numerator,
        sum(generated_t) as denominator
    from {{ ref('int_road_materials') }}
    group by region, year
)

select
    delivered.region,
    case when delivered.feed = 'travel_survey' then 'bus_mode_share' else 'road_material_recycling' end as indicator,
    'year' as period_type,
    delivered.period_start,
    delivered.period_end,
    coalesce(sums.numerator, 0) as numerator,
    coalesce(sums.denominator, 0) as denominator
from delivered
left join sums
    on delivered.region = sums.region and delivered.feed = sums.feed and delivered.year = sums.year
