-- One row per dated target: the verdict of the Eurostat method, or why there is none.
with growth as (
    select * from {{ ref('int_target_growth') }}
),

bands as (
    select
        max(case when name = 'eurostat_on_track' then value end) as significant,
        max(case when name = 'eurostat_moderate' then value end) as moderate
    from {{ ref('ref_constants') }}
)

select
    growth.target_id,
    growth.growth_ratio,
    growth.reason,
    case
        when growth.reason is not null then null
        when growth.is_reached then 'significant_progress'
        when growth.growth_ratio >= bands.significant then 'significant_progress'
        when growth.growth_ratio >= bands.moderate then 'moderate_progress'
        when growth.growth_ratio >= 0 then 'insufficient_progress'
        else 'movement_away'
    end as verdict
from growth
cross join bands
