-- One row per region, indicator and agency that leads it; 未明确牵头单位 where the plan names none.
with leads as (
    select plan, indicator, agency from {{ ref('plan_indicator_agencies') }}
    where role = 'lead'
)

select
    statuses.region,
    statuses.indicator,
    coalesce(leads.agency, '未明确牵头单位') as agency,
    leads.agency is null as is_unassigned,
    statuses.status,
    statuses.severity
from {{ ref('int_indicator_statuses') }} as statuses
left join leads on statuses.plan = leads.plan and statuses.indicator = leads.indicator
