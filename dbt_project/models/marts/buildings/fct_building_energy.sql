-- One row per region, year and kind of urban building.
with energy as (
    select * from {{ ref('int_building_energy') }}
)

select
    region,
    year,
    kind,
    energy_tce,
    renewable_tce
from energy
