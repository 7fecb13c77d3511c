-- One row per region, year and kind of urban building: its energy, and the part that renewables replace.
with energy as (
    select * from {{ ref('stg_building_energy') }}
)

select
    region,
    year,
    kind,
    cast(energy_tce as {{ quantity() }}) as energy_tce,
    cast(renewable_tce as {{ quantity() }}) as renewable_tce
from energy
