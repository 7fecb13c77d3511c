-- One row per region and agency.
{% set statuses = ['met', 'on_track', 'at_risk', 'off_track', 'missed', 'pending', 'open', 'not_quantified', 'no_data',
                   'held', 'no_target'] %}
{% set task_statuses = ['not_started', 'in_progress', 'done', 'blocked'] %}
with indicators as (
    select
        *,
        row_number() over (partition by region, agency order by severity desc, indicator asc) as badness
    from {{ ref('int_agency_indicators') }}
),

led_indicators as (
    select
        region,
        agency,
        max(case when is_unassigned then 1 else 0 end) as is_unassigned,
        count(*) as indicators_led,
        {% for status in statuses %}
            sum(case when status = '{{ status }}' then 1 else 0 end) as {{ status }},
        {% endfor %}
        {{ joined_texts("case when badness <= 3 and status in ('at_risk', 'off_track', 'missed', 'pending') then indicator end") }}
            as worst_indicators
    from indicators
    group by region, agency
),

led_tasks as (
    select
        region,
        agency,
        count(*) as tasks_led,
        {% for status in task_statuses %}
            sum(case when status = '{{ status }}' then 1 else 0 end) as tasks_{{ status }},
        {% endfor %}
        sum(case when days_overdue > 0 then 1 else 0 end) as tasks_overdue
    from {{ ref('int_agency_tasks') }}
    group by region, agency
)

select
    coalesce(led_indicators.region, led_tasks.region) as region,
    coalesce(led_indicators.agency, led_tasks.agency) as agency,
    cast(row_number() over (
        partition by coalesce(led_indicators.region, led_tasks.region)
        order by
            coalesce(led_indicators.is_unassigned, 0) desc, coalesce(led_indicators.indicators_led, 0) desc,
            coalesce(led_indicators.agency, led_tasks.agency) asc
    ) as integer) as position,
    cast(coalesce(led_indicators.indicators_led, 0) as bigint) as indicators_led,
    {% for status in statuses %}
        cast(coalesce(led_indicators.{{ status }}, 0) as bigint) as {{ status }},
    {% endfor %}
    cast(coalesce(led_tasks.tasks_led, 0) as bigint) as tasks_led,
    {% for status in task_statuses %}
        cast(coalesce(led_tasks.tasks_{{ status }}, 0) as bigint) as tasks_{{ status }},
    {% endfor %}
    cast(coalesce(led_tasks.tasks_overdue, 0) as bigint) as tasks_overdue,
    led_indicators.worst_indicators
from led_indicators
full outer join led_tasks on led_indicators.region = led_tasks.region and led_indicators.agency = led_tasks.agency
