-- One row per region, quarter, carriage and product: energy in the product's own unit, its CO2, turnover in t·km.
with reports as (
    select * from {{ ref('stg_operating_transport') }}
),

constants as (
    select
        max(case when name = 'per_wan' then value end) as per_wan,
        max(case when name = 'passenger_tkm' then value end) as passenger_tkm
    from {{ ref('ref_constants') }}
),

quantities as (
    select
        reports.*,
        calendar.year,
        products.unit as product_unit,
        products.tco2_per_unit,
        cast(cast(reports.fuel_used as {{ quantity() }}) * units.factor as {{ amount() }}) as quantity,
        cast(cast(reports.turnover as {{ quantity() }}) * constants.per_wan as {{ amount() }}) as turnover_units,
        constants.passenger_tkm
    from reports
    inner join {{ ref('ref_months') }} as calendar on reports.quarter = calendar.month_start
    left join {{ ref('ref_energy_products') }} as products on reports.product = products.code
    left join {{ ref('ref_units') }} as units on reports.unit = units.unit
    cross join constants
),

rates as (
    select
        region,
        year,
        co2_t_per_wan_kwh
    from {{ ref('int_energy_rates') }}
)

select
    quantities.region,
    quantities.quarter,
    quantities.year,
    quantities.carriage,
    quantities.product,
    quantities.product_unit as unit,
    quantities.quantity,
    case
        when quantities.quantity = 0 then 0
        when quantities.product = 'electricity'
            then cast(quantities.quantity * rates.co2_t_per_wan_kwh as {{ amount() }})
        else cast(quantities.quantity * quantities.tco2_per_unit as {{ amount() }})
    end as co2_t,
    case
        when quantities.carriage = 'passenger'
            then cast(quantities.turnover_units * quantities.passenger_tkm as {{ amount() }})
        else quantities.turnover_units
    end as turnover_tkm
from quantities
left join rates on quantities.region = rates.region and quantities.year = rates.year
