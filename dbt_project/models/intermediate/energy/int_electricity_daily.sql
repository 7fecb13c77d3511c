{{ config(materialized='view') }}
-- One row per region, day and meter: a plain sum of the 15-minute readings, day by day, so that a day can be replaced alone.
with readings as (
    select * from {{ ref('stg_meter_readings') }}
),

days as (
    select
        region,
        day,
        meter_id,
        count(*) as readings,
        cast(sum(kwh) as {{ quantity() }}) as electricity_kwh,
        cast(max(kwh) as {{ quantity() }}) as peak_interval_kwh
    from readings
    group by region, day, meter_id
),

meters as (
    select * from {{ ref('int_meters') }}
)

select
    days.region,
    days.day,
    days.meter_id,
    meters.enterprise_id,
    meters.sector,
    days.readings,
    days.electricity_kwh,
    days.peak_interval_kwh
from days
left join meters on days.region = meters.region and days.meter_id = meters.meter_id
