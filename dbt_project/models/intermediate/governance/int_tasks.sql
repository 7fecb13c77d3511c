-- One row per region and item of its newest task register.
with served as (
    -- from the scopes, not the rows: a newest register delivered empty closes the list
    select region, max(period_start) as as_of from {{ ref('stg_winning_scopes') }}
    where feed = 'task_register'
    group by region
),

newest as (
    select registers.*
    from {{ ref('stg_task_register') }} as registers
    inner join served on registers.region = served.region and registers.as_of = served.as_of
),

indicators as (
    select code, plan_id from {{ ref('plan_indicators') }}
    where method = 'register'
)

select
    newest.region,
    newest.item_id,
    translate(trim(newest.clause), '（）', '()') as clause,
    newest.name,
    newest.kind,
    newest.lead_agency,
    newest.due,
    newest.status,
    newest.progress,
    newest.note,
    newest.as_of,
    {{ joined_texts('indicators.code') }} as indicators,
    case
        when newest.due is null then null
        when newest.status = 'done' then 0
        else greatest({{ days_between('newest.due', 'run.as_of') }}, 0)
    end as days_overdue
from newest
cross join {{ ref('int_run') }} as run
left join indicators
    on
        newest.item_id like concat(indicators.plan_id, '%')
        -- D011 is a number of its own, not an item of D01
        and substr(newest.item_id, length(indicators.plan_id) + 1, 1) not between '0' and '9'
group by all
