-- One row per region, year and parameter: the value that serves the year.
with parameters as (
    select * from {{ ref('int_region_parameters') }}
)

select
    region,
    year,
    parameter,
    value,
    served_year,
    origin,
    source
from parameters
