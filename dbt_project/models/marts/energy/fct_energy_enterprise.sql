-- One row per region, month, enterprise and product; unrounded, so that the indicators' sums can be retraced from here.
with reports as (
    select * from {{ ref('int_energy_enterprise_tce') }}
)

select
    region,
    month,
    enterprise_id,
    product,
    enterprise_name,
    industry_code,
    cast(months as integer) as months,
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
    consumption_tce,
    feedstock_tce,
    power_input_tce,
    net_tce
from reports
