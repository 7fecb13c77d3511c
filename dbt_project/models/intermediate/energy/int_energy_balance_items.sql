-- One row per region, year and item of the annual balance, in tce (fuels), 10^4 kWh (electricity) or GJ (heat).
with balance as (
    select * from {{ ref('stg_energy_balance') }}
),

units as (
    select * from {{ ref('ref_units') }}
),

electricity as (
    select
        unit,
        tce_per_unit
    from {{ ref('ref_energy_products') }}
    where code = 'electricity'
),

converted as (
    select
        balance.region,
        balance.year,
        balance.item,
        balance.item in ('electricity_import', 'heat_import') as is_import,
        units.base_unit,
        cast(cast(balance.quantity as {{ quantity() }}) * units.factor as {{ amount() }}) as quantity
    from balance
    left join units on balance.unit = units.unit
)

select
    converted.region,
    converted.year,
    converted.item,
    case
        -- fuels given in TWh are meant at the calorific value
        when not converted.is_import and converted.base_unit = electricity.unit
            then cast(converted.quantity * electricity.tce_per_unit as {{ amount() }})
        else converted.quantity
    end as quantity
from converted
cross join electricity
