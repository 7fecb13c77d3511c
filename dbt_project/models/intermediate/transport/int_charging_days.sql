-- One row per region, scope, charging pile and day: sums of the sessions, kept up scope by scope.
with changed as (
    select * from {{ ref('stg_changed_scopes') }}
    where feed = 'charging_sessions'
),

sessions as (
    select delivered.* from {{ ref('stg_charging_sessions') }} as delivered
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
    pile_id,
    day,
    count(*) as sessions,
    cast(sum({{ seconds_between('started_at', 'ended_at') }}) as bigint) as connected_seconds,
    cast(sum(kwh) as {{ quantity() }}) as energy_kwh
from sessions
group by region, delivery_id, scope, pile_id, day
