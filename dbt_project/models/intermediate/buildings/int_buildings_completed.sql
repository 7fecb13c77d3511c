-- One row per region, indicator and building that counts in the year it was completed, with what it adds to the value.
with buildings as (
    select * from {{ ref('int_buildings') }}
    where completed_on is not null
)

select
    region,
    'green_standard_share' as indicator,
    project_id,
    completed_on as counted_on,
    cast(case when has_green_standard then area_m2 else 0 end as {{ amount() }}) as numerator,
    cast(area_m2 as {{ amount() }}) as denominator
from buildings
where is_urban
union all
select
    region,
    'star_green_share' as indicator,
    project_id,
    completed_on as counted_on,
    cast(case when stars >= 1 then area_m2 else 0 end as {{ amount() }}) as numerator,
    cast(area_m2 as {{ amount() }}) as denominator
from buildings
where is_urban
union all
-- projects are counted here, not their areas
select
    region,
    'public_one_star_share' as indicator,
    project_id,
    completed_on as counted_on,
    cast(case when stars >= 1 then 1 else 0 end as {{ amount() }}) as numerator,
    cast(1 as {{ amount() }}) as denominator
from buildings
where kind = 'public' and (is_government_funded or is_large_public)
union all
-- the share of an unknown roof is unknown
select
    region,
    'public_roof_pv_coverage' as indicator,
    project_id,
    completed_on as counted_on,
    cast(roof_pv_m2 as {{ amount() }}) as numerator,
    cast(roof_m2 as {{ amount() }}) as denominator
from buildings
where is_public_institution and roof_m2 is not null
union all
select
    region,
    'factory_roof_pv_coverage' as indicator,
    project_id,
    completed_on as counted_on,
    cast(roof_pv_m2 as {{ amount() }}) as numerator,
    cast(roof_m2 as {{ amount() }}) as denominator
from buildings
where kind = 'factory' and roof_m2 is not null
