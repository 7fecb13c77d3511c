-- One row per region, reported or registered indicator and year: what was reported, or the progress of its items.
with reported as (
    select
        scopes.region,
        scopes.indicator,
        scopes.period_start,
        calendar.month_end as period_end,
        values_reported.value as numerator,
        cast(null as {{ amount() }}) as denominator,
        case when values_reported.value is null then 'no_value' end as reason
    from {{ ref('int_reported_scopes') }} as scopes
    inner join {{ ref('ref_months') }} as starts on scopes.period_start = starts.month_start
    inner join {{ ref('ref_months') }} as calendar on starts.year = calendar.year and calendar.month = 12
    left join {{ ref('stg_reported_indicators') }} as values_reported
        on
            scopes.region = values_reported.region
            and scopes.indicator = values_reported.indicator
            and starts.year = values_reported.year
),

registered as (
    select
        tasks.region,
        indicators.code as indicator,
        tasks.period_start,
        tasks.period_end,
        sum(case when tasks.indicator = indicators.code then tasks.progress end) as numerator,
        nullif(sum(case when tasks.indicator = indicators.code then 1 else 0 end), 0) as denominator
    from {{ ref('int_register_tasks') }} as tasks
    cross join {{ ref('plan_indicators') }} as indicators
    where indicators.method = 'register'
    group by tasks.region, indicators.code, tasks.period_start, tasks.period_end
),

measures as (
    select region, indicator, period_start, period_end, cast(numerator as {{ amount() }}) as numerator, denominator, reason
    from reported
    union all
    select
        region, indicator, period_start, period_end, cast(numerator as {{ amount() }}) as numerator,
        cast(denominator as {{ amount() }}) as denominator,
        case when denominator is null then 'no_register_item' end as reason
    from registered
)

select
    region,
    indicator,
    'year' as period_type,
    period_start,
    period_end,
    'default' as method,
    cast(null as string) as basis,
    numerator,
    denominator,
    reason
from measures
