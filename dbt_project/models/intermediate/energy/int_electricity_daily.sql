{{ config(materialized='view') }}
-- One row per region, day and meter, with what the newest register says of the meter.
with days as (
    select * from {{ ref('int_meter_days') }}
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
