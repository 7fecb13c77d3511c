-- One row per region, indicator and building that counts in the year it was started, with what it adds to the value.
with buildings as (
    select * from {{ ref('int_buildings') }}
)

select
    region,
    'prefab_housing_share' as indicator,
    project_id,
    started_on as counted_on,
    -- prefabricated area may hold more than the housing
    cast(least(prefab_m2, housing_m2) as {{ amount() }}) as numerator,
    cast(housing_m2 as {{ amount() }}) as denominator
from buildings
where is_central_urban and housing_m2 > 0
union all
select
    region,
    'decorated_housing_share' as indicator,
    project_id,
    started_on as counted_on,
    cast(decorated_m2 as {{ amount() }}) as numerator,
    cast(housing_m2 as {{ amount() }}) as denominator
from buildings
where housing_m2 > 0
union all
select
    region,
    'prefab_building_share' as indicator,
    project_id,
    started_on as counted_on,
    cast(prefab_m2 as {{ amount() }}) as numerator,
    cast(area_m2 as {{ amount() }}) as denominator
from buildings
where is_urban
union all
select
    region,
    'government_prefab_share' as indicator,
    project_id,
    started_on as counted_on,
    cast(prefab_m2 as {{ amount() }}) as numerator,
    cast(area_m2 as {{ amount() }}) as denominator
from buildings
where is_government_funded
