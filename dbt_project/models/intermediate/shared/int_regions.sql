-- One row per region that has delivered anything, with the plan it follows.
with delivered as (
    select region from {{ ref('stg_winning_scopes') }}
    group by region
),

plan_regions as (
    select * from {{ ref('plan_regions') }}
),

default_plan as (
    select plan from plan_regions
    where region = '*'
)

select
    delivered.region,
    coalesce(plan_regions.plan, default_plan.plan) as plan,
    coalesce(plan_regions.name_zh, delivered.region) as name_zh,
    coalesce(plan_regions.name_en, delivered.region) as name_en
from delivered
cross join default_plan
left join plan_regions on delivered.region = plan_regions.region
