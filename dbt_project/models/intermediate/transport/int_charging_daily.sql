-- One row per region, charging pile and day: the sessions that started on it and what they charged.
with sessions as (
    select * from {{ ref('stg_charging_sessions') }}
)

select
    region,
    pile_id,
    day,
    count(*) as sessions,
    cast(sum(kwh) as {{ quantity() }}) as energy_kwh
from sessions
group by region, pile_id, day
