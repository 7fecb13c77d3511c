-- One row per region, reported indicator and year that was delivered, empty ones too.
select
    region,
    split_part(scope, '|', 2) as indicator,
    period_start,
    is_empty,
    is_partial
from {{ ref('stg_winning_scopes') }}
where feed = 'reported_indicators'
