-- One row per month, enterprise and product.
with delivered as (
    select * from {{ source('raw', 'energy_enterprise') }}
),

winners as (
    select region, delivery_id, scope
    from {{ source('raw', 'winning_scopes') }}
    where feed = 'energy_enterprise'
),

kept as (
    select
        delivered._region as region,
        delivered._delivery as delivery_id,
        delivered._scope as scope,
        delivered._sheet as sheet,
        delivered._row as row_number,

        delivered.month,
        delivered.months,
        delivered.enterprise_id,
        delivered.enterprise_name,
        delivered.industry_code,
        delivered.product,
        delivered.unit,
        delivered.opening_stock,
        delivered.purchased,
        delivered.consumption,
        delivered.feedstock,
        delivered.transformation_output,
        delivered.power_input,
        delivered.closing_stock
    from delivered
    inner join winners
        on
            delivered._region = winners.region
            and delivered._delivery = winners.delivery_id
            and delivered._scope = winners.scope
    -- the row of an empty scope only says that nothing happened
    where not delivered._is_empty
)

select * from kept
