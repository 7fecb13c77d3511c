-- One row per region, year and item of the task register that serves the year, with the indicator it answers for.
with serving as (
    select region, period_start, period_end, as_of from {{ ref('int_feed_coverage') }}
    where feed = 'task_register' and period_type = 'year' and as_of is not null
),

items as (
    select * from {{ ref('stg_task_register') }}
),

indicators as (
    select code, plan_id from {{ ref('plan_indicators') }}
    where method = 'register'
)

select
    serving.region,
    serving.period_start,
    serving.period_end,
    serving.as_of,
    items.item_id,
    items.clause,
    items.name,
    items.kind,
    items.lead_agency,
    items.due,
    items.status,
    items.progress,
    items.note,
    indicators.code as indicator
from serving
inner join items on serving.region = items.region and serving.as_of = items.as_of
left join indicators
    on
        items.item_id like concat(indicators.plan_id, '%')
        -- D011 is a number of its own, not an item of D01
        and substr(items.item_id, length(indicators.plan_id) + 1, 1) not between '0' and '9'
