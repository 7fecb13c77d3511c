-- One row per region and meter of the newest register of key users' meters.
with registers as (
    select
        region,
        max(period_start) as as_of
    from {{ ref('stg_winning_scopes') }}
    where feed = 'meters'
    group by region
),

meters as (
    select * from {{ ref('stg_meters') }}
)

select
    meters.region,
    meters.meter_id,
    meters.as_of,
    meters.enterprise_id,
    meters.sector,
    cast(meters.rated_kw as {{ quantity() }}) as rated_kw
from meters
inner join registers on meters.region = registers.region and meters.as_of = registers.as_of
