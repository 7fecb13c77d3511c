-- One row per region, indicator, method, base year and period.
select
    region,
    indicator,
    period_type,
    period_start,
    period_end,
    method,
    base_year,

    unit,
    basis,

    value,
    numerator,
    denominator,
    is_complete,
    coverage,
    is_held,
    reason,
    register_status
from {{ ref('int_indicator_values') }}
