-- One row per region, parameter and year: the value that serves the year, and the year it was published for.
with known as (
    select * from {{ ref('int_region_parameter_years') }}
),

spans as (
    select
        region,
        min(period_start) as first_day,
        max(period_end) as last_day
    from {{ ref('stg_winning_scopes') }}
    group by region
),

calendar as (
    select
        year,
        min(month_start) as year_start,
        max(month_end) as year_end
    from {{ ref('ref_months') }}
    group by year
),

years as (
    select
        spans.region,
        calendar.year
    from spans
    inner join calendar on spans.first_day <= calendar.year_end and spans.last_day >= calendar.year_start
)

select
    years.region,
    known.parameter,
    years.year,
    known.value,
    known.year as served_year,
    known.origin,
    known.source
from years
inner join known on years.region = known.region
qualify row_number() over (
    partition by years.region, known.parameter, years.year
    order by
        case when known.year <= years.year then 0 else 1 end,
        abs(known.year - years.year)
) = 1
