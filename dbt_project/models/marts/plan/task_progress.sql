-- One row per region and item of its newest task register.
select
    region,
    item_id,

    clause,
    name,
    kind,
    lead_agency,
    indicators,

    due,
    status,
    progress,
    days_overdue,
    as_of,
    note
from {{ ref('int_tasks') }}
