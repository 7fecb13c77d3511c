-- One row per region and year that was delivered: obliged enterprises audited by the end of the year.
with delivered as (
    select
        scopes.region,
        scopes.period_start,
        scopes.period_end,
        calendar.year
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as calendar on scopes.period_start = calendar.month_start
    where scopes.feed = 'cleaner_production'
),

obliged as (
    select * from {{ ref('int_cleaner_production') }}
    where is_obliged
)

select
    delivered.region,
    'cleaner_production_audit_rate' as indicator,
    'year' as period_type,
    delivered.period_start,
    delivered.period_end,
    count(case when obliged.is_audited then 1 end) as numerator,
    count(obliged.enterprise_id) as denominator
from delivered
left join obliged on delivered.region = obliged.region and delivered.year = obliged.year
group by delivered.region, delivered.period_start, delivered.period_end
