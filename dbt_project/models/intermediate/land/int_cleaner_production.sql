-- One row per region, year and enterprise: whether it owes a cleaner-production audit, and when it had one.
with enterprises as (
    select * from {{ ref('stg_cleaner_production') }}
),

years as (
    select
        year,
        max(month_end) as year_end
    from {{ ref('ref_months') }}
    group by year
)

select
    enterprises.region,
    enterprises.year,
    enterprises.enterprise_id,
    enterprises.obliged as is_obliged,
    enterprises.audited_on,
    -- an audit of a later year does not answer for this one
    coalesce(enterprises.audited_on <= years.year_end, false) as is_audited
from enterprises
inner join years on enterprises.year = years.year
