-- One row per region and month with sorting figures delivered: rates over its households; none when it was empty.
with delivered as (
    select distinct region, period_start as month
    from {{ ref('stg_winning_scopes') }}
    where feed = 'waste_sorting'
),

sums as (
    select
        region,
        month,
        count(*) as communities,
        sum(case when sorted_households > 0 then 1 else 0 end) as sorting_communities,
        sum(households) as households,
        sum(sorted_households) as sorted_households,
        sum(bagged_households) as bagged_households
    from {{ ref('int_waste_sorting') }}
    group by region, month
)

select
    delivered.region,
    delivered.month,
    coalesce(sums.communities, 0) as communities,
    coalesce(sums.sorting_communities, 0) as sorting_communities,
    cast({{ exact_ratio('sums.sorted_households', 'sums.households', places=0) }} as {{ amount() }}) as sorted_share,
    cast({{ exact_ratio('sums.bagged_households', 'sums.households', places=0) }} as {{ amount() }}) as bagged_share
from delivered
left join sums on delivered.region = sums.region and delivered.month = sums.month
