-- One row per target: the mean yearly change of the last complete years and the least-squares line at the target year.
with window_length as (
    select cast(value as integer) as years from {{ ref('ref_constants') }}
    where name = 'projection_years'
),

recent as (
    select
        points.target_id,
        points.year,
        points.value,
        points.year - marks.target_year as year_offset,
        window_length.years as window_years
    from {{ ref('int_target_points') }} as points
    inner join {{ ref('int_target_marks') }} as marks on points.target_id = marks.target_id
    cross join window_length
    where marks.kind <> 'before'
    qualify row_number() over (partition by points.target_id order by points.year desc) <= window_years
),

sums as (
    -- with years counted from the target year, the line there is (Σv Σy² - Σy Σyv) / (n Σy² - (Σy)²)
    select
        target_id,
        count(*) as years,
        max(year) - min(year) as span,
        max(case when is_last then value end) - max(case when is_first then value end) as change,
        sum(value) * sum(year_offset * year_offset) - sum(year_offset) * sum(year_offset * value) as line_numerator,
        count(*) * sum(year_offset * year_offset) - sum(year_offset) * sum(year_offset) as line_denominator
    from (
        select
            *,
            year = max(year) over (partition by target_id) as is_last,
            year = min(year) over (partition by target_id) as is_first
        from recent
    ) as marked
    group by target_id
)

select
    target_id,
    years,
    {{ rounded_ratio('change', 'span', places=6) }} as pace,
    {{ rounded_ratio('line_numerator', 'line_denominator', places=6) }} as projection
from sums
