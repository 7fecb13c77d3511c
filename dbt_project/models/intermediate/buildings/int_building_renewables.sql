-- One row per region and year that was delivered: the renewable part of the energy of urban buildings.
with delivered as (
    select
        scopes.region,
        scopes.period_start,
        scopes.period_end,
        calendar.year
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as calendar on scopes.period_start = calendar.month_start
    where scopes.feed = 'building_energy'
),

energy as (
    select * from {{ ref('int_building_energy') }}
)

select
    delivered.region,
    'building_renewable_rate' as indicator,
    'year' as period_type,
    delivered.period_start,
    delivered.period_end,
    coalesce(sum(energy.renewable_tce), 0) as numerator,
    coalesce(sum(energy.energy_tce), 0) as denominator
from delivered
left join energy on delivered.region = energy.region and delivered.year = energy.year
group by delivered.region, delivered.period_start, delivered.period_end
