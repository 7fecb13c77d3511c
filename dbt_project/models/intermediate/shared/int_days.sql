-- One row per day of the calendar.
with months as (
    select month_start, month_end, year from {{ ref('ref_months') }}
),

day_numbers as (
    select row_number() over (order by month_start) - 1 as day_number
    from months
    qualify day_number < 31
),

days as (
    select
        {{ add_days('months.month_start', 'day_numbers.day_number') }} as day,
        months.month_start,
        months.month_end,
        months.year
    from months
    cross join day_numbers
)

select
    day,
    month_start,
    year
from days
where day <= month_end
