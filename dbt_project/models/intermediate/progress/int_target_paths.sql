-- One row per target: the value against the straight path from the base value to the target, and what is still required.
with marks as (
    select
        *,
        target_year - from_year as years_in_all,
        latest_year - from_year as years_gone,
        target_year - latest_year as years_left,
        latest_value - base_value as achieved,
        threshold - base_value as threshold_change,
        target - base_value as required,
        target - latest_value as remaining
    from {{ ref('int_target_marks') }}
    where kind <> 'before'
),

products as (
    select
        *,
        cast(achieved * years_in_all as {{ published() }}) as achieved_in_all,
        cast(required * years_gone as {{ published() }}) as required_by_now
    from marks
)

select
    target_id,
    {{ rounded_ratio('(achieved_in_all - required_by_now)', 'years_in_all', places=6) }} as position,
    {{ rounded_ratio('remaining', 'years_left', places=6) }} as required_pace,
    -- a base that already reaches the target leaves nothing to complete
    case
        when direction * required > 0 then {{ rounded_ratio('achieved_in_all', 'required_by_now', percent=true, places=6) }}
    end as completion_rate
from products
