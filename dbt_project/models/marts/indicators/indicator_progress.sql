-- One row per region, indicator, target year and level.
select
    region,
    indicator,
    target_year,
    level,

    kind,
    target,
    base_year,
    method,

    latest_value,
    latest_period,
    base_value,
    from_year,
    position,
    pace,
    required_pace,
    projection,
    status,
    status_eurostat,
    eurostat_reason,
    growth_ratio,
    completion_rate,
    -- what a status was before is known only when a release is published
    cast(null as date) as status_since,
    cast(null as string) as status_cause
from {{ ref('int_target_progress') }}
