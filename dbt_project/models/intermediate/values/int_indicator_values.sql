-- One row per region, indicator, method, base year and period: every value, its completeness and why it may be missing.
with all_values as (
    select * from {{ ref('int_simple_values') }}
    union all
    select * from {{ ref('int_reduction_values') }}
),

covered as (
    select
        *,
        cast(present_scopes as {{ amount() }}) as present,
        cast(nullif(expected_scopes, 0) as {{ amount() }}) as expected
    from all_values
)

select
    covered.region,
    covered.indicator,
    covered.method,
    covered.base_year,
    covered.period_type,
    covered.period_start,
    covered.period_end,
    covered.value,
    covered.numerator,
    covered.denominator,
    indicators.unit,
    covered.basis,
    covered.is_complete,
    {{ rounded_ratio('covered.present', 'covered.expected') }} as coverage,
    held.held_feeds is not null as is_held,
    -- what is shown is the last good value, and why it may not be the newest comes before why it may lack something
    case
        when held.held_feeds is not null then concat_ws('; ', concat('held: ', held.held_feeds), covered.reason)
        else covered.reason
    end as reason,
    registers.register_status
from covered
inner join {{ ref('plan_indicators') }} as indicators on covered.indicator = indicators.code
left join {{ ref('int_held_periods') }} as held
    on
        covered.region = held.region
        and covered.indicator = held.indicator
        and covered.period_type = held.period_type
        and covered.period_start = held.period_start
left join {{ ref('int_register_statuses') }} as registers
    on
        covered.region = registers.region
        and covered.indicator = registers.indicator
        and covered.period_type = 'year'
        and covered.period_start = registers.period_start
