-- One row per region, year and enterprise.
with enterprises as (
    select * from {{ ref('int_cleaner_production') }}
)

select
    region,
    year,
    enterprise_id,
    is_obliged,
    audited_on,
    is_audited
from enterprises
