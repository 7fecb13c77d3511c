{{ config(materialized='view') }}
-- One row per region, hour and sector.
with hours as (
    select * from {{ ref('int_electricity_hourly') }}
)

select
    region,
    day,
    hour_start,
    sector,
    readings,
    electricity_kwh
from hours
