-- One row per region, year, quarter, item and price base: value added, 10^4 yuan, cumulative from January.
with accounts as (
    select * from {{ ref('stg_national_accounts') }}
)

select
    region,
    year,
    quarter,
    item,
    price_base,
    cast(value_current as {{ quantity() }}) as value_current,
    cast(value_constant as {{ quantity() }}) as value_constant
from accounts
