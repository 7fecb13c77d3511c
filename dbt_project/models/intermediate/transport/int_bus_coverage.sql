-- One row per region, register and community: whether a bus serves it.
with communities as (
    select * from {{ ref('stg_bus_coverage') }}
)

select
    region,
    as_of,
    community_id,
    name,
    kind,
    size,
    -- the plan speaks of main communities
    size in ('large', 'medium') as is_main,
    covered as is_covered
from communities
