{{ config(materialized='view') }}
-- One row per region, charging pile and day: the sessions that started on it and what they charged.
with days as (
    select * from {{ ref('int_charging_days') }}
)

select
    region,
    pile_id,
    day,
    -- two operators may both report a pile on one day
    cast(sum(sessions) as bigint) as sessions,
    cast(sum(connected_seconds) as bigint) as connected_seconds,
    cast(sum(energy_kwh) as {{ quantity() }}) as energy_kwh
from days
group by region, pile_id, day
