-- One row per region, year and item: the year's value added at constant 2020 prices, 10^4 yuan, and how it was chained.
with accounts as (
    select * from {{ ref('int_national_accounts') }}
    where quarter = 4 and value_constant is not null
),

links as (
    select * from {{ ref('int_price_base_links') }}
),

products as (
    select
        accounts.region,
        accounts.year,
        accounts.item,
        accounts.price_base,
        accounts.value_constant,
        links.link_year,
        links.value_in_base,
        -- multiplied first, so that the one quotient at 18 places is all that is rounded
        cast(accounts.value_constant as decimal(38, 6)) * cast(links.value_in_2020 as decimal(38, 6)) as product
    from accounts
    left join links
        on
            accounts.region = links.region
            and accounts.item = links.item
            and accounts.price_base = links.price_base
),

chained as (
    select
        region,
        year,
        item,
        price_base,
        link_year,
        case
            when price_base = 2020 then cast(value_constant as {{ ratio() }})
            else {{ exact_ratio('product', 'value_in_base', places=12) }}
        end as value_2020
    from products
)

select
    region,
    year,
    item,
    price_base,
    link_year,
    cast(value_2020 as {{ amount() }}) as value_2020,
    case when value_2020 is null then 'no_price_base_link' end as reason
from chained
qualify row_number() over (
    partition by region, year, item
    order by case when price_base = 2020 then 0 when value_2020 is not null then 1 else 2 end, price_base desc
) = 1
