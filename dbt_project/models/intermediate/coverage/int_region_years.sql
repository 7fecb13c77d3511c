-- One row per region and year that a window or a base year of the region may fall in.
with delivered as (
    select region, min(period_year) as first_year, max(period_year) as last_year
    from {{ ref('int_delivered_periods') }}
    group by region
),

bases as (
    select region, min(base_year) as first_base_year from {{ ref('int_base_years') }}
    group by region
),

spans as (
    select
        delivered.region,
        least(delivered.first_year - 1, bases.first_base_year) as first_year,
        delivered.last_year + 1 as last_year
    from delivered
    inner join bases on delivered.region = bases.region
)

select
    spans.region,
    calendar.year
from spans
inner join {{ ref('ref_months') }} as calendar on calendar.year between spans.first_year and spans.last_year
group by spans.region, calendar.year
