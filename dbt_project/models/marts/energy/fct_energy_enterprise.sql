-- One row per region, month, enterprise and product.
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
    unit,
    {% for column in [
        'opening_stock', 'purchased', 'consumption', 'feedstock', 'transformation_output', 'power_input', 'closing_stock'
    ] %}
        cast({{ column }} as {{ quantity() }}) as {{ column }},
    {% endfor %}
    {{ rounded('consumption_tce') }} as consumption_tce,
    {{ rounded('feedstock_tce') }} as feedstock_tce,
    {{ rounded('net_tce') }} as net_tce
from reports
