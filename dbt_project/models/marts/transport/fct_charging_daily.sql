{{ config(materialized='view') }}
-- One row per region, charging pile and day: the sessions that started on it and what they charged.
with days as (
    select * from {{ ref('int_charging_daily') }}
)

select
    region,
    pile_id,
    day,
    sessions,
    connected_seconds,
    energy_kwh
from days
