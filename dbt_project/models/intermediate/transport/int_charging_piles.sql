-- One row per region and charging pile of the newest register.
with newest as (
    select
        region,
        max(period_start) as as_of
    from {{ ref('stg_winning_scopes') }}
    where feed = 'charging_piles'
    group by region
),

piles as (
    select * from {{ ref('stg_charging_piles') }}
)

select
    piles.region,
    piles.pile_id,
    piles.as_of,
    piles.station_name,
    piles.operator,
    piles.access,
    piles.status,
    piles.commissioned,
    piles.removed_on,
    cast(piles.power_kw as {{ quantity() }}) as power_kw
from piles
inner join newest on piles.region = newest.region and piles.as_of = newest.as_of
