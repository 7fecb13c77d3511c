-- One row per dated target: the Eurostat comparison of actual with required compound growth since the base year.
with marks as (
    select
        *,
        -- a reduction falls from 100 %: its growth is that of the intensity itself
        cast(case when is_reduction then 1 - base_value / 100 else base_value end as double) as base_level,
        cast(case when is_reduction then 1 - latest_value / 100 else latest_value end as double) as latest_level,
        cast(case when is_reduction then 1 - target / 100 else target end as double) as target_level
    from {{ ref('int_target_marks') }}
    where kind <> 'before' and target_year is not null and target is not null
),

reasoned as (
    select
        *,
        case
            when latest_value is null or base_value is null then 'no_complete_year'
            when base_level = 0 then 'zero_base'
            when latest_year = from_year or target_year = from_year then 'no_year_since_base'
            when latest_level / base_level < 0 or target_level / base_level < 0 then 'sign_change'
            when direction * (target - base_value) <= 0 and not is_reached then 'no_change_required'
        end as reason
    from marks
),

growth as (
    select
        *,
        case
            when reason is null then power(latest_level / base_level, 1.0 / (latest_year - from_year)) - 1
        end as actual,
        case
            when reason is null then power(target_level / base_level, 1.0 / (target_year - from_year)) - 1
        end as required
    from reasoned
)

select
    target_id,
    is_reached,
    reason,
    cast(round(actual / nullif(required, 0), 6) as {{ published() }}) as growth_ratio
from growth
