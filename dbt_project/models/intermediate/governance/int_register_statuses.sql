-- One row per region, registered indicator and year that has items: done when all are, blocked when any is.
with items as (
    select * from {{ ref('int_register_tasks') }}
    where indicator is not null
),

counted as (
    select
        region,
        indicator,
        period_start,
        count(*) as items,
        sum(case when status = 'done' then 1 else 0 end) as done_items,
        sum(case when status = 'blocked' then 1 else 0 end) as blocked_items,
        sum(case when status = 'not_started' then 1 else 0 end) as idle_items
    from items
    group by region, indicator, period_start
)

select
    region,
    indicator,
    period_start,
    case
        when blocked_items > 0 then 'blocked'
        when done_items = items then 'done'
        when idle_items = items then 'not_started'
        else 'in_progress'
    end as register_status
from counted
