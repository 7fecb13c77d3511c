-- One row per plan and clause.
with clauses as (
    select * from {{ ref('plan_clauses') }}
),

agencies as (
    select plan, clause, {{ joined_texts('agency', '、') }} as agencies from {{ ref('plan_clause_agencies') }}
    group by plan, clause
),

registry as (
    select code, concat('; ', clauses, '; ') as clause_list from {{ ref('plan_indicators') }}
),

indicators as (
    select clauses.plan, clauses.clause, {{ joined_texts('registry.code') }} as indicators
    from clauses
    inner join registry on registry.clause_list like concat('%; ', clauses.clause, '; %')
    group by clauses.plan, clauses.clause
),

named_tasks as (
    select
        regions.plan,
        tasks.clause,
        -- a region that only borrows the plan signs its items
        concat(
            case when plan_regions.region is null then concat(tasks.region, ' ') else '' end, tasks.item_id, ' ', tasks.name
        ) as task
    from {{ ref('int_tasks') }} as tasks
    inner join {{ ref('int_regions') }} as regions on tasks.region = regions.region
    left join {{ ref('plan_regions') }} as plan_regions on tasks.region = plan_regions.region
),

tasks as (
    select plan, clause, {{ joined_texts('task', '; ') }} as tasks, count(*) as task_count
    from named_tasks
    group by plan, clause
)

select
    clauses.plan,
    clauses.clause,
    clauses.position,
    clauses.title,
    clauses.lead_agency,
    clauses.supporting_agencies,
    agencies.agencies,
    indicators.indicators,
    coalesce(tasks.tasks, 'no task registered') as tasks,
    coalesce(tasks.task_count, 0) as task_count
from clauses
left join agencies on clauses.plan = agencies.plan and clauses.clause = agencies.clause
left join indicators on clauses.plan = indicators.plan and clauses.clause = indicators.clause
left join tasks on clauses.plan = tasks.plan and clauses.clause = tasks.clause
