-- One row per region, facility, day, stream and route: tickets and weights, kept up scope by scope. Number plates stay
-- behind.
with changed as (
    select * from {{ ref('stg_changed_scopes') }}
    where feed = 'waste_weighings'
),

weighings as (
    select delivered.* from {{ ref('stg_waste_weighings') }} as delivered
    where
        exists (
            select 1 from changed
            where {{ is_replaced('delivered', 'changed') }}
        )
)

select
    region,
    delivery_id,
    scope,
    facility,
    day,
    stream,
    route,
    count(*) as tickets,
    cast(sum(gross_kg) as {{ quantity() }}) as gross_kg,
    cast(sum(tare_kg) as {{ quantity() }}) as tare_kg,
    cast(sum(net_kg) as {{ quantity() }}) as net_kg
from weighings
group by region, delivery_id, scope, facility, day, stream, route
