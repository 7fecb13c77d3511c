-- One row per region, scope, hour and sector of the newest meters register, kept up scope by scope; meters it does not list
-- stand under `unregistered`. A changed register makes every scope of its region a changed one.
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
),

meters as (
    select * from {{ ref('int_meters') }}
)

select
    readings.region,
    readings.scope,
    readings.day,
    cast(date_trunc('hour', readings.ts) as timestamp) as hour_start,
    coalesce(meters.sector, 'unregistered') as sector,
    count(*) as readings,
    cast(sum(readings.kwh) as {{ quantity() }}) as electricity_kwh
from readings
left join meters on readings.region = meters.region and readings.meter_id = meters.meter_id
group by
    readings.region, readings.scope, readings.day, cast(date_trunc('hour', readings.ts) as timestamp),
    coalesce(meters.sector, 'unregistered')
