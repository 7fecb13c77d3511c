-- One row per target: every figure it is judged by and its status.
with marks as (
    select * from {{ ref('int_target_marks') }}
),

shares as (
    select value as at_risk_share from {{ ref('ref_constants') }}
    where name = 'at_risk_share'
),

judged as (
    select
        marks.*,
        paths.position,
        paths.required_pace,
        paths.completion_rate,
        trends.pace,
        trends.projection,
        eurostat.verdict as status_eurostat,
        eurostat.reason as eurostat_reason,
        eurostat.growth_ratio,
        shares.at_risk_share
    from marks
    cross join shares
    left join {{ ref('int_target_paths') }} as paths on marks.target_id = paths.target_id
    left join {{ ref('int_target_trends') }} as trends on marks.target_id = trends.target_id
    left join {{ ref('int_target_eurostat') }} as eurostat on marks.target_id = eurostat.target_id
)

select
    *,
    case
        when target is null then 'not_quantified'
        -- a verdict on what is about to be replaced would be none
        when is_held then 'held'
        when kind = 'before' and latest_value is null then 'no_data'
        when kind = 'before' then case when latest_value < target and latest_year > latest_value then 'met' else 'open' end
        when target_year is null and latest_value is null then 'no_data'
        when target_year is null then case when is_reached then 'met' else 'open' end
        when is_final then case when is_reached then 'met' else 'missed' end
        when not has_value then 'no_data'
        when is_over then 'pending'
        when latest_value is null then 'no_data'
        when is_reached then 'met'
        -- one point draws no line, so nothing is known of the future yet
        when projection is null then 'no_data'
        when direction * (projection - threshold) >= 0 then 'on_track'
        when direction * (projection - latest_value) >= at_risk_share * direction * (target - latest_value) then 'at_risk'
        else 'off_track'
    end as status
from judged
