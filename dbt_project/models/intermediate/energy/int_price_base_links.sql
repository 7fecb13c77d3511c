-- One row per region, item and price base other than 2020: the newest year whose accounts are given in both bases.
with accounts as (
    select * from {{ ref('int_national_accounts') }}
    where quarter = 4 and value_constant is not null
),

in_2020_prices as (
    select * from accounts
    where price_base = 2020
)

select
    bases.region,
    bases.item,
    bases.price_base,
    bases.year as link_year,
    bases.value_constant as value_in_base,
    in_2020_prices.value_constant as value_in_2020
from accounts as bases
inner join in_2020_prices
    on
        bases.region = in_2020_prices.region
        and bases.item = in_2020_prices.item
        and bases.year = in_2020_prices.year
where bases.price_base <> 2020
qualify row_number() over (
    partition by bases.region, bases.item, bases.price_base order by bases.year desc
) = 1
