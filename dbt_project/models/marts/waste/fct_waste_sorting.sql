-- One row per region, month and community.
with communities as (
    select * from {{ ref('int_waste_sorting') }}
)

select
    region,
    month,
    community_id,
    name,
    households,
    sorted_households,
    bagged_households
from communities
