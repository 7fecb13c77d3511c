-- One row per region, month and community: households, and those that sort and bag their waste.
with communities as (
    select * from {{ ref('stg_waste_sorting') }}
)

select
    region,
    month,
    community_id,
    name,
    cast(households as bigint) as households,
    cast(sorted_households as bigint) as sorted_households,
    cast(bagged_households as bigint) as bagged_households
from communities
