-- One row per region and year with a register: parks whose circular transformation is completed.
with registers as (
    select * from {{ ref('int_feed_coverage') }}
    where feed = 'park_circularity' and period_type = 'year' and as_of is not null
),

parks as (
    select * from {{ ref('int_park_circularity') }}
)

select
    registers.region,
    'park_circularity' as indicator,
    'year' as period_type,
    registers.period_start,
    registers.period_end,
    count(case when parks.status = 'completed' then 1 end) as numerator,
    count(parks.park) as denominator
from registers
left join parks on registers.region = parks.region and registers.as_of = parks.as_of
group by registers.region, registers.period_start, registers.period_end
