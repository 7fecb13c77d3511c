-- One row per region, year and forest compartment.
with compartments as (
    select * from {{ ref('stg_forest_inventory') }}
)

select
    region,
    year,
    compartment_id,
    land_class,
    land_class in ('forest', 'bamboo', 'special_shrub') as is_forest,
    cast(land_ha as {{ quantity() }}) as land_ha,
    cast(stock_m3 as {{ quantity() }}) as stock_m3
from compartments
