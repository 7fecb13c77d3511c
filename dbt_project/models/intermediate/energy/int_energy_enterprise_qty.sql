-- One row per region, month, enterprise and product: the reported form in the product's own unit.
with reports as (
    select * from {{ ref('stg_energy_enterprise') }}
),

products as (
    select * from {{ ref('ref_energy_products') }}
),

units as (
    select * from {{ ref('ref_units') }}
)

select
    reports.region,
    reports.month,
    reports.enterprise_id,
    reports.product,
    reports.enterprise_name,
    reports.industry_code,
    reports.months,
    products.family,
    products.balance,
    products.unit,
    products.tce_per_unit,
    {% for column in ['opening_stock', 'purchased', 'consumption', 'closing_stock'] %}
        cast(cast(reports.{{ column }} as {{ quantity() }}) * units.factor as {{ amount() }}) as {{ column }},
    {% endfor %}
    {% for column in ['feedstock', 'transformation_output', 'power_input'] %}
        cast(cast(coalesce(reports.{{ column }}, 0) as {{ quantity() }}) * units.factor as {{ amount() }}) as {{ column }}
        {%- if not loop.last %},{% endif %}
    {% endfor %}
from reports
left join products on reports.product = products.code
left join units on reports.unit = units.unit
