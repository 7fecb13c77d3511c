-- One row per region, scope, day and meter: sums of the 15-minute readings, kept up scope by scope.
with changed as (
    select * from {{ ref('stg_changed_scopes') }}
    where feed = 'meter_readings'
),

readings as (
    select delivered.* from {{ ref('stg_meter_readings') }} as delivered
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
    day,
    meter_id,
    count(*) as readings,
    cast(sum(kwh) as {{ quantity() }}) as electricity_kwh,
    cast(max(kwh) as {{ quantity() }}) as peak_interval_kwh
from readings
group by region, delivery_id, scope, day, meter_id
