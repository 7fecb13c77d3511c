-- One row per region and year: the parameters of electricity, per 10^4 kWh.
with parameters as (
    select * from {{ ref('int_region_parameters') }}
),

per_wan_kwh as (
    select
        max(case when name = 'kgce_per_kwh_to_tce_per_wan_kwh' then value end) as tce_factor,
        max(case when name = 'kg_per_kwh_to_t_per_wan_kwh' then value end) as co2_factor
    from {{ ref('ref_constants') }}
),

values_by_year as (
    select
        region,
        year,
        max(case when parameter = 'power_coal_rate' then value end) as power_coal_rate,
        max(case when parameter = 'grid_co2_factor' then value end) as grid_co2_factor,
        max(case when parameter = 'grid_nonfossil_share' then value end) as grid_nonfossil_share
    from parameters
    group by region, year
)

select
    values_by_year.region,
    values_by_year.year,
    cast(values_by_year.power_coal_rate * per_wan_kwh.tce_factor as {{ quantity() }}) as tce_per_wan_kwh,
    cast(values_by_year.grid_co2_factor * per_wan_kwh.co2_factor as {{ quantity() }}) as co2_t_per_wan_kwh,
    values_by_year.grid_nonfossil_share
from values_by_year
cross join per_wan_kwh
