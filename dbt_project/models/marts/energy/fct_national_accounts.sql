-- One row per region, year, quarter, item and price base, with the year's value at 2020 prices where this row gives it.
with accounts as (
    select * from {{ ref('int_national_accounts') }}
),

chained as (
    select * from {{ ref('int_gdp_constant') }}
)

select
    accounts.region,
    accounts.year,
    cast(accounts.quarter as integer) as quarter,
    accounts.item,
    accounts.price_base,
    accounts.value_current as value_current_wan_yuan,
    accounts.value_constant as value_constant_wan_yuan,
    chained.link_year,
    chained.value_2020 as value_2020_wan_yuan
from accounts
left join chained
    on
        accounts.region = chained.region
        and accounts.year = chained.year
        and accounts.item = chained.item
        and accounts.price_base = chained.price_base
        -- the accounts are cumulative, so the fourth quarter is the year
        and accounts.quarter = 4
