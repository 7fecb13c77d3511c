-- One row per region and month with weighings delivered: net weight, and what of it was recovered by the routes' weights.
with delivered as (
    select distinct
        region,
        cast(date_trunc('month', period_start) as date) as month
    from {{ ref('stg_winning_scopes') }}
    where feed = 'waste_weighings'
),

routes as (
    select * from {{ ref('ref_waste_routes') }}
),

weighed as (
    select
        waste.region,
        cast(date_trunc('month', waste.day) as date) as month,
        waste.stream = 'kitchen' as is_kitchen,
        waste.net_kg,
        cast(waste.net_kg * routes.recovered_weight as {{ amount() }}) as recovered_kg,
        cast(waste.net_kg * routes.kitchen_weight as {{ amount() }}) as kitchen_recovered_kg
    from {{ ref('int_waste_daily') }} as waste
    inner join routes on waste.route = routes.route
)

select
    delivered.region,
    delivered.month,
    coalesce(sum(weighed.net_kg), 0) as net_kg,
    coalesce(sum(weighed.recovered_kg), 0) as recovered_kg,
    coalesce(sum(case when weighed.is_kitchen then weighed.net_kg end), 0) as kitchen_kg,
    coalesce(sum(case when weighed.is_kitchen then weighed.kitchen_recovered_kg end), 0) as kitchen_recovered_kg
from delivered
left join weighed on delivered.region = weighed.region and delivered.month = weighed.month
group by delivered.region, delivered.month
