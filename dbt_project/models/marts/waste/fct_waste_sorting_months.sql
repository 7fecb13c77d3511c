-- One row per region and month: the shares of households that the yearly rates are the means of.
with months as (
    select * from {{ ref('int_sorting_months') }}
)

select
    region,
    month,
    cast(communities as bigint) as communities,
    cast(sorting_communities as bigint) as sorting_communities,
    sorted_share,
    bagged_share
from months
