-- One row per region and year that was delivered: industrial waste utilised against what there was to utilise.
with delivered as (
    select distinct
        scopes.region,
        scopes.period_start,
        scopes.period_end,
        calendar.year
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as calendar on scopes.period_start = calendar.month_start
    where scopes.feed = 'industrial_waste'
),

waste as (
    select * from {{ ref('int_industrial_waste') }}
)

select
    delivered.region,
    'industrial_waste_utilisation' as indicator,
    'year' as period_type,
    delivered.period_start,
    delivered.period_end,
    coalesce(sum(waste.utilised_t), 0) as numerator,
    -- utilised waste of earlier years also had to come from somewhere
    coalesce(sum(waste.generated_t + waste.utilised_from_stock_t), 0) as denominator
from delivered
left join waste on delivered.region = waste.region and delivered.year = waste.year
group by delivered.region, delivered.period_start, delivered.period_end
