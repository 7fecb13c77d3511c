-- One row per region and year with an inventory: forest land, all land and standing stock.
with delivered as (
    select
        scopes.region,
        scopes.period_start,
        scopes.period_end,
        calendar.year
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as calendar on scopes.period_start = calendar.month_start
    where scopes.feed = 'forest_inventory'
),

sums as (
    select
        region,
        year,
        sum(case when is_forest then land_ha else 0 end) as forest_ha,
        sum(land_ha) as surveyed_ha,
        coalesce(sum(stock_m3), 0) as stock_m3
    from {{ ref('int_forest') }}
    group by region, year
),

land as (
    select
        region,
        year,
        value as land_area_ha
    from {{ ref('int_region_parameters') }}
    where parameter = 'land_area'
)

select
    delivered.region,
    delivered.year,
    delivered.period_start,
    delivered.period_end,
    coalesce(sums.forest_ha, 0) as forest_ha,
    -- the whole territory is published for few regions; the inventory's compartments cover it
    coalesce(land.land_area_ha, sums.surveyed_ha, 0) as land_ha,
    coalesce(sums.stock_m3, 0) as stock_m3
from delivered
left join sums on delivered.region = sums.region and delivered.year = sums.year
left join land on delivered.region = land.region and delivered.year = land.year
