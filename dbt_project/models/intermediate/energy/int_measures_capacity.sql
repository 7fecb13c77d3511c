-- One row per region, indicator and period: capacity in operation at the end of years and months, MW, and storage at new PV.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where indicator in ('new_energy_capacity', 'rooftop_pv_capacity', 'agri_pv_capacity', 'pv_storage_share')
),

projects as (
    select * from {{ ref('int_generation_projects') }}
    where is_connected
),

in_operation as (
    select
        periods.region,
        periods.indicator,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        sum(case
            when periods.indicator = 'new_energy_capacity' and projects.is_new_energy then projects.capacity_mw
            when periods.indicator = 'rooftop_pv_capacity' and projects.source = 'solar'
                and projects.mounting = 'rooftop' then projects.capacity_mw
            when periods.indicator = 'agri_pv_capacity' and projects.source = 'solar'
                and projects.mounting = 'agrivoltaic' then projects.capacity_mw
            else 0
        end) as capacity_mw
    from periods
    left join projects
        on
            periods.region = projects.region
            and projects.grid_date <= periods.period_end
            and (projects.retired_date is null or projects.retired_date > periods.period_end)
    where periods.indicator <> 'pv_storage_share'
    group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
),

connected as (
    select
        periods.region,
        periods.indicator,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        sum(case when projects.storage_mw > 0 then projects.capacity_mw else 0 end) as with_storage_mw,
        coalesce(sum(projects.capacity_mw), 0) as connected_mw
    from periods
    left join projects
        on
            periods.region = projects.region
            and projects.source = 'solar'
            and projects.grid_date between periods.period_start and periods.period_end
    where periods.indicator = 'pv_storage_share'
    group by periods.region, periods.indicator, periods.period_type, periods.period_start, periods.period_end
)

select region, indicator, period_type, period_start, period_end, cast(null as varchar) as basis,
    capacity_mw as numerator, cast(null as {{ amount() }}) as denominator, cast(null as varchar) as reason
from in_operation
union all
select region, indicator, period_type, period_start, period_end, cast(null as varchar) as basis,
    with_storage_mw as numerator, connected_mw as denominator, cast(null as varchar) as reason
from connected
