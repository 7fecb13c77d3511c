-- One row per region, year, area and mode of the travel survey.
with survey as (
    select * from {{ ref('stg_travel_survey') }}
)

select
    region,
    year,
    area,
    mode,
    mode in ('bus', 'taxi', 'car', 'motorcycle') as is_motorised,
    cast(trips as {{ quantity() }}) as trips_wan_per_day
from survey
