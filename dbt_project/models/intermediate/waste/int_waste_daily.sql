-- One row per region, facility, day, stream and route: tickets and net weight. Number plates stay behind.
with weighings as (
    select * from {{ ref('stg_waste_weighings') }}
)

select
    region,
    facility,
    day,
    stream,
    route,
    count(*) as tickets,
    cast(sum(net_kg) as {{ quantity() }}) as net_kg
from weighings
group by region, facility, day, stream, route
