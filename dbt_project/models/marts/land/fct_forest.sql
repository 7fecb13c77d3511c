-- One row per region, year and forest compartment.
with compartments as (
    select * from {{ ref('int_forest') }}
)

select
    region,
    year,
    compartment_id,
    land_class,
    is_forest,
    land_ha,
    stock_m3
from compartments
