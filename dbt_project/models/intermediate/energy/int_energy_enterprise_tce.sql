-- One row per region, month, enterprise and product: the reported form with its energy in tce.
with quantities as (
    select * from {{ ref('int_energy_enterprise_qty') }}
)

select
    region,
    month,
    enterprise_id,
    product,
    enterprise_name,
    industry_code,
    months,
    family,
    balance,
    unit,
    opening_stock,
    purchased,
    consumption,
    feedstock,
    transformation_output,
    power_input,
    closing_stock,
    consumption - transformation_output as net_quantity,
    cast(consumption * tce_per_unit as {{ amount() }}) as consumption_tce,
    cast(feedstock * tce_per_unit as {{ amount() }}) as feedstock_tce,
    cast(power_input * tce_per_unit as {{ amount() }}) as power_input_tce,
    cast((consumption - transformation_output) * tce_per_unit as {{ amount() }}) as net_tce
from quantities
