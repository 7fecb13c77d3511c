-- One row per region and year of operating transport: its CO2 (t) and turnover (t·km), when all four quarters are there.
with delivered as (
    select
        scopes.region,
        calendar.year,
        count(distinct scopes.period_start) as quarters
    from {{ ref('stg_winning_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as calendar on scopes.period_start = calendar.month_start
    where scopes.feed = 'operating_transport'
    group by scopes.region, calendar.year
),

quarters as (
    select
        year,
        count(distinct quarter) as quarters
    from {{ ref('ref_months') }}
    group by year
),

sums as (
    select
        region,
        year,
        sum(co2_t) as co2_t,
        sum(turnover_tkm) as turnover_tkm,
        sum(case when co2_t is null then 1 else 0 end) as rows_without_co2
    from {{ ref('int_operating_transport') }}
    group by region, year
),

judged as (
    select
        delivered.region,
        delivered.year,
        coalesce(sums.co2_t, 0) as co2_t,
        coalesce(sums.turnover_tkm, 0) as turnover_tkm,
        case
            when delivered.quarters < quarters.quarters then 'missing_quarter'
            when sums.rows_without_co2 > 0 then 'missing_parameter: grid_co2_factor'
        end as gap
    from delivered
    inner join quarters on delivered.year = quarters.year
    left join sums on delivered.region = sums.region and delivered.year = sums.year
)

select
    region,
    'operating_vehicle_co2_reduction' as indicator,
    'default' as method,
    year,
    cast(null as varchar) as basis,
    cast(case when gap is null then co2_t end as {{ amount() }}) as numerator,
    cast(case when gap is null then turnover_tkm end as {{ amount() }}) as denominator,
    case when gap is null and turnover_tkm = 0 then 'zero_denominator' else gap end as reason
from judged
