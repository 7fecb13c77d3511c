-- One row per region and window (calendar year, or twelve months ending with a month), with the feed that is absent in it.
with months as (
    select * from {{ ref('int_energy_feed_months') }}
),

calendar as (
    select
        *,
        year * 12 + month as month_number
    from {{ ref('ref_months') }}
),

windows as (
    select
        'year' as period_type,
        ends.month_number,
        starts.month_start as period_start,
        ends.month_end as period_end
    from calendar as ends
    inner join calendar as starts on ends.month_number - 11 = starts.month_number
    where ends.month = 12
    union all
    select
        'ttm' as period_type,
        ends.month_number,
        starts.month_start as period_start,
        ends.month_end as period_end
    from calendar as ends
    inner join calendar as starts on ends.month_number - 11 = starts.month_number
)

select
    months.region,
    windows.period_type,
    windows.period_start,
    windows.period_end,
    case
        when max(months.has_supply) = 0 then 'energy_supply'
        when max(months.has_enterprise) = 0 then 'energy_enterprise'
        when max(months.has_generation) = 0 then 'power_generation'
    end as absent_feed
from windows
inner join months on months.month_number between windows.month_number - 11 and windows.month_number
group by months.region, windows.period_type, windows.period_start, windows.period_end
