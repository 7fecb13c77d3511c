-- One row per region, quarter, carriage and product: energy, CO2 and turnover of commercial vehicles.
with reports as (
    select * from {{ ref('int_operating_transport') }}
)

select
    region,
    quarter,
    year,
    carriage,
    product,
    unit,
    quantity,
    co2_t,
    turnover_tkm
from reports
