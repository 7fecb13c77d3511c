{{ config(materialized='view') }}
-- One row per region, day and meter.
with days as (
    select * from {{ ref('int_electricity_daily') }}
)

select
    region,
    day,
    meter_id,
    enterprise_id,
    sector,
    readings,
    electricity_kwh,
    peak_interval_kwh
from days
