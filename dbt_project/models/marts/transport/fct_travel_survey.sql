-- One row per region, year, area and mode of the travel survey.
with survey as (
    select * from {{ ref('int_travel_survey') }}
)

select
    region,
    year,
    area,
    mode,
    is_motorised,
    trips_wan_per_day
from survey
