-- One row per region, register and community: whether a bus serves it.
with communities as (
    select * from {{ ref('int_bus_coverage') }}
)

select
    region,
    as_of,
    community_id,
    name,
    kind,
    size,
    is_main,
    is_covered
from communities
