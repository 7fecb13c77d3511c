-- One row per region, year, enterprise and kind of industrial waste.
with waste as (
    select * from {{ ref('int_industrial_waste') }}
)

select
    region,
    year,
    enterprise_id,
    kind,
    generated_t,
    utilised_t,
    utilised_from_stock_t,
    disposed_t,
    stored_t
from waste
