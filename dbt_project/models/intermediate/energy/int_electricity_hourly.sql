{{ config(materialized='view') }}
-- One row per region, hour and sector of the newest meters register; meters it does not list stand under `unregistered`.
with readings as (
    select * from {{ ref('stg_meter_readings') }}
),

meters as (
    select * from {{ ref('int_meters') }}
)

select
    readings.region,
    readings.day,
    cast(date_trunc('hour', readings.ts) as timestamp) as hour_start,
    coalesce(meters.sector, 'unregistered') as sector,
    count(*) as readings,
    cast(sum(readings.kwh) as {{ quantity() }}) as electricity_kwh
from readings
left join meters on readings.region = meters.region and readings.meter_id = meters.meter_id
group by readings.region, readings.day, cast(date_trunc('hour', readings.ts) as timestamp), coalesce(meters.sector, 'unregistered')
