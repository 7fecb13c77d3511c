-- One row per region and year: communities where somebody sorts waste, in the year's last month with data.
with years as (
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
    from {{ ref('int_sorting_months') }} as months
    inner join years on months.month between years.year_start and years.year_end
    qualify row_number() over (
        partition by months.region, years.year_start
        order by case when months.communities > 0 then 0 else 1 end, months.month desc
    ) = 1
)

select
    region,
    'sorting_coverage' as indicator,
    'year' as period_type,
    year_start as period_start,
    year_end as period_end,
    sorting_communities as numerator,
    communities as denominator
from last_months
