-- One row per region, parameter and year that knows a value: delivered, else the region's default, else that of all regions.
with regions as (
    select distinct region from {{ ref('stg_winning_scopes') }}
),

defaults as (
    select
        coalesce(regions.region, parameters.region) as region,
        parameters.parameter,
        parameters.year,
        parameters.value,
        parameters.source,
        case when parameters.region = '*' then 'default' else 'region default' end as origin,
        case when parameters.region = '*' then 3 else 2 end as preference
    from {{ ref('ref_parameters') }} as parameters
    left join regions on parameters.region = '*'
    -- what is true of one place only is never taken from a table
    where parameters.parameter not in ('grid_nonfossil_share', 'land_area')
),

delivered as (
    select
        region,
        parameter,
        year,
        value,
        source,
        'delivered' as origin,
        1 as preference
    from {{ ref('stg_region_parameters') }}
),

candidates as (
    select * from delivered
    union all
    select * from defaults
)

select
    region,
    parameter,
    year,
    cast(value as {{ quantity() }}) as value,
    source,
    origin
from candidates
qualify row_number() over (partition by region, parameter, year order by preference) = 1
