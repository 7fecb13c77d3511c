-- One row per region and month between the first and the last one delivered in any of the three monthly energy feeds.
with scopes as (
    select * from {{ ref('stg_winning_scopes') }}
    where feed in ('energy_supply', 'energy_enterprise', 'power_generation')
),

calendar as (
    select * from {{ ref('ref_months') }}
),

delivered as (
    select
        region,
        period_start as month,
        max(case when feed = 'energy_supply' then 1 else 0 end) as has_supply,
        max(case when feed = 'energy_enterprise' then 1 else 0 end) as has_enterprise,
        max(case when feed = 'power_generation' then 1 else 0 end) as has_generation
    from scopes
    group by region, period_start
),

spans as (
    select
        region,
        min(month) as first_month,
        max(month) as last_month
    from delivered
    group by region
)

select
    spans.region,
    calendar.month_start as month,
    calendar.year,
    calendar.year * 12 + calendar.month as month_number,
    coalesce(delivered.has_supply, 0) as has_supply,
    coalesce(delivered.has_enterprise, 0) as has_enterprise,
    coalesce(delivered.has_generation, 0) as has_generation
from spans
inner join calendar on calendar.month_start between spans.first_month and spans.last_month
left join delivered on spans.region = delivered.region and calendar.month_start = delivered.month
