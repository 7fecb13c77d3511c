-- One row per region, parameter and year that knows a value: delivered, else the region's default, else that of all regions.
with regions as (
    select distinct region from {{ ref('stg_winning_scopes') }}
),

delivered as (
    select * from {{ ref('stg_region_parameters') }}
),

defaults as (
    select * from {{ ref('ref_parameters') }}
    -- what is true of one place only is never taken from a table
    where parameter not in ('grid_nonfossil_share', 'land_area')
),

candidates as (
    select region, parameter, year, cast(value as {{ quantity() }}) as value, source, 'delivered' as origin, 1 as preference
    from delivered
    union all
    select region, parameter, year, cast(value as {{ quantity() }}) as value, source, 'region default' as origin, 2 as preference
    from defaults
    where region <> '*'
    union all
    select regions.region, defaults.parameter, defaults.year, cast(defaults.value as {{ quantity() }}) as value,
        defaults.source, 'default' as origin, 3 as preference
    from defaults
    cross join regions
    where defaults.region = '*'
)

select
    region,
    parameter,
    year,
    value,
    source,
    origin
from candidates
qualify row_number() over (partition by region, parameter, year order by preference) = 1
