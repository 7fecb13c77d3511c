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
    source,
    origin
from {{ ref('int_targets') }}
