-- One row per target and complete year up to the target's: the value it is judged by.
with goals as (
    select * from {{ ref('int_target_goals') }}
),

yearly as (
    select
        indicator_values.*,
        {{ year_of('indicator_values.period_start') }} as year
    from {{ ref('int_indicator_values') }} as indicator_values
    where indicator_values.period_type = 'year' and indicator_values.is_complete and indicator_values.value is not null
)

select
    goals.target_id,
    yearly.year,
    yearly.period_end,
    yearly.value,
    yearly.is_held
from goals
inner join yearly
    on
        goals.region = yearly.region
        and goals.indicator = yearly.indicator
        and goals.method = yearly.method
        and (goals.target_year is null or goals.target_year >= yearly.year or goals.kind = 'before')
        and (not goals.is_reduction or goals.first_base_year = yearly.base_year)
