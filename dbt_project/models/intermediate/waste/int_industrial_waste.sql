-- One row per region, year, enterprise and kind of industrial waste.
with waste as (
    select * from {{ ref('stg_industrial_waste') }}
)

select
    region,
    year,
    enterprise_id,
    kind,
    cast(generated_t as {{ quantity() }}) as generated_t,
    cast(utilised_t as {{ quantity() }}) as utilised_t,
    cast(coalesce(utilised_from_stock_t, 0) as {{ quantity() }}) as utilised_from_stock_t,
    cast(disposed_t as {{ quantity() }}) as disposed_t,
    cast(stored_t as {{ quantity() }}) as stored_t
from waste
