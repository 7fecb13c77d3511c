-- One row per indicator of the registry.
select
    code,
    plan_id,
    name_zh,
    name_en,
    domain,
    unit,
    better,
    method,
    form,
    clauses,
    lead_agency,
    supporting_agencies,
    ttm,
    month_end,
    position
from {{ ref('plan_indicators') }}
