-- One row per region, indicator and period: capacity in operation at the end of years and months, MW, and storage at new PV.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where indicator in ('new_energy_capacity', 'rooftop_pv_capacity', 'agri_pv_capacity', 'pv_storage_share')
),

projects as (
    select * from {{ ref('int_generation_projects') }}
    where is_connected
),

connected as (
    select
        periods.region,
        periods.indicator,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        projects.capacity_mw,
        projects.is_new_energy,
        projects.mounting,
        projects.storage_mw > 0 as has_storage,
        projects.source = 'solar' as is_solar,
        projects.grid_date >= periods.period_start as is_new,
        projects.retired_date is null or projects.retired_date > periods.period_end as is_in_operation
    from periods
    left join projects on periods.region = projects.region and periods.period_end >= projects.grid_date
),

counted as (
    select
        *,
        case indicator
            when 'new_energy_capacity' then is_in_operation and is_new_energy
            when 'rooftop_pv_capacity' then is_in_operation and is_solar and mounting = 'rooftop'
            when 'agri_pv_capacity' then is_in_operation and is_solar and mounting = 'agrivoltaic'
            -- connected in the year counts, also when it was retired since
            when 'pv_storage_share' then is_new and is_solar and has_storage
        end as is_counted,
        is_new and is_solar as is_in_population
    from connected
)

select
    region,
    indicator,
    period_type,
    period_start,
    period_end,
    cast(null as varchar) as basis,
    sum(case when is_counted then capacity_mw else 0 end) as numerator,
    case
        when indicator = 'pv_storage_share' then sum(case when is_in_population then capacity_mw else 0 end)
    end as denominator,
    cast(null as varchar) as reason
from counted
group by region, indicator, period_type, period_start, period_end
