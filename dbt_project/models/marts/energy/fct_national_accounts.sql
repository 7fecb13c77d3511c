-- One row per region, year, quarter, item and price base.
with accounts as (
    select * from {{ ref('int_national_accounts') }}
)

select
    region,
    year,
    cast(quarter as integer) as quarter,
    item,
    price_base,
    value_current as value_current_wan_yuan,
    value_constant as value_constant_wan_yuan
from accounts
