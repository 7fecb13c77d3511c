-- One row per region, item of the task register and agency that leads it.
with tasks as (
    select *, concat('、', replace(replace(lead_agency, ',', '、'), '，', '、'), '、') as lead_list from {{ ref('int_tasks') }}
),

agencies as (
    select agency from {{ ref('plan_indicator_agencies') }}
    union
    select agency from {{ ref('plan_clause_agencies') }}
),

known as (
    select tasks.region, tasks.item_id, agencies.agency
    from tasks
    inner join agencies on tasks.lead_list like concat('%、', agencies.agency, '、%')
)

select
    tasks.region,
    tasks.item_id,
    coalesce(known.agency, tasks.lead_agency) as agency,
    tasks.status,
    tasks.days_overdue
from tasks
left join known on tasks.region = known.region and tasks.item_id = known.item_id
