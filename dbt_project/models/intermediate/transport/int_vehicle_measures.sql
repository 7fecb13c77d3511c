-- One row per region, indicator and period: the vehicle indicators, of a month or of the year's last month with data.
with months as (
    select
        vehicles.*,
        calendar.month_end,
        calendar.year
    from {{ ref('int_vehicle_months') }} as vehicles
    inner join {{ ref('ref_months') }} as calendar on vehicles.month = calendar.month_start
),

years as (
    select
        year,
        min(month_start) as year_start,
        max(month_end) as year_end
    from {{ ref('ref_months') }}
    group by year
),

last_months as (
    select
        months.*,
        years.year_start,
        years.year_end
    from months
    inner join years on months.year = years.year
    qualify row_number() over (partition by months.region, months.year order by months.month desc) = 1
)

select
    region,
    'ev_stock' as indicator,
    'month' as period_type,
    month as period_start,
    month_end as period_end,
    cast(new_energy as {{ amount() }}) as numerator,
    cast(null as {{ amount() }}) as denominator
from months
union all
select
    region,
    'ev_stock' as indicator,
    'year' as period_type,
    year_start as period_start,
    year_end as period_end,
    cast(new_energy as {{ amount() }}) as numerator,
    cast(null as {{ amount() }}) as denominator
from last_months
union all
select
    region,
    'public_fleet_nev_share' as indicator,
    'year' as period_type,
    year_start as period_start,
    year_end as period_end,
    cast(official_new_energy as {{ amount() }}) as numerator,
    cast(official as {{ amount() }}) as denominator
from last_months
