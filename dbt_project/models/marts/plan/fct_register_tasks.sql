-- One row per region, year and item of the task register that serves the year.
with tasks as (
    select * from {{ ref('int_register_tasks') }}
)

select
    region,
    {{ year_of('period_start') }} as year,
    item_id,
    as_of,
    indicator,
    name,
    lead_agency,
    status,
    cast(progress as {{ quantity() }}) as progress_percent
from tasks
