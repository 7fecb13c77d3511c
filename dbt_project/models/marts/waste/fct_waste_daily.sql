{{ config(materialized='view') }}
-- One row per region, facility, day, stream and route: tickets and net weight, without number plates.
with waste as (
    select * from {{ ref('int_waste_daily') }}
)

select
    region,
    facility,
    day,
    stream,
    route,
    tickets,
    gross_kg,
    tare_kg,
    net_kg
from waste
