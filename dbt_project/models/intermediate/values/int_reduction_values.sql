-- One row per region, reduction, method, base year and year: how far the intensity has fallen since the base year.
with pairs as (
    select
        *,
        missing_feeds is null and base_missing_feeds is null and base_intensity <> 0 as is_computable
    from {{ ref('int_reduction_pairs') }}
),

falls as (
    select
        *,
        case when is_computable then cast(base_intensity - intensity as {{ ratio() }}) end as numerator,
        case when is_computable and intensity is not null then base_intensity end as denominator
    from pairs
),

valued as (
    select
        *,
        {{ rounded_ratio('numerator', 'denominator', percent=true, places=18) }} as value
    from falls
)

select
    region,
    indicator,
    method,
    base_year,
    'year' as period_type,
    period_start,
    period_end,
    value,
    numerator,
    denominator,
    basis,
    are_both_complete and not is_basis_break as is_complete,
    expected_scopes,
    present_scopes,
    case
        when missing_feeds is not null then concat('missing_feed: ', missing_feeds)
        when base_missing_feeds is not null then concat('missing_base_year: ', cast(base_year as string))
        when intensity is null then coalesce(reason, 'missing_item')
        when base_intensity is null then concat('missing_base_year: ', cast(base_year as string))
        when base_intensity = 0 then 'zero_base'
        -- the two bases count energy differently: the difference is shown but proves nothing
        when is_basis_break then 'basis_break'
        when not are_both_complete then concat('incomplete: ', coalesce(incomplete_feeds, cast(base_year as string)))
    end as reason
from valued
