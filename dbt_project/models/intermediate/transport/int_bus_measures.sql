-- One row per region and year with a register: large and medium communities that a bus serves.
with registers as (
    select * from {{ ref('int_feed_coverage') }}
    where feed = 'bus_coverage' and period_type = 'year' and as_of is not null
),

communities as (
    select * from {{ ref('int_bus_coverage') }}
    where is_main
)

select
    registers.region,
    'bus_stop_coverage' as indicator,
    'year' as period_type,
    registers.period_start,
    registers.period_end,
    count(case when communities.is_covered then 1 end) as numerator,
    count(communities.community_id) as denominator
from registers
left join communities on registers.region = communities.region and registers.as_of = communities.as_of
group by registers.region, registers.period_start, registers.period_end
