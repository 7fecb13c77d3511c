-- One row per region, item of the task register and agency that leads it.
with tasks as (
    select *, replace(replace(replace(replace(lead_agency, ',', '、'), '，', '、'), ';', '、'), '；', '、') as leads
    from {{ ref('int_tasks') }}
),

-- the register names agencies in one cell, never a dozen
places as (
    select distinct month as place from {{ ref('ref_months') }}
),

named as (
    select
        tasks.region,
        tasks.item_id,
        trim(split_part(tasks.leads, '、', places.place)) as agency,
        tasks.status,
        tasks.days_overdue
    from tasks
    cross join places
)

select distinct
    region,
    item_id,
    agency,
    status,
    days_overdue
from named
where agency <> ''
