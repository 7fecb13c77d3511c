-- One row per region and charging pile of the newest register.
with piles as (
    select * from {{ ref('int_charging_piles') }}
)

select
    region,
    pile_id,
    as_of,
    station_name,
    operator,
    access,
    status,
    commissioned,
    removed_on,
    power_kw
from piles
