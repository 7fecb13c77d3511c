-- One row per region, indicator other than a reduction, and period.
with periods as (
    select * from {{ ref('int_indicator_periods') }}
    where is_row and indicator not in (select reductions.indicator from {{ ref('plan_reductions') }} as reductions)
),

measures as (
    select * from {{ ref('int_measures') }}
),

known as (
    select
        periods.*,
        forms.form,
        -- a feed that is wholly absent leaves nothing to compute from
        case when periods.missing_feeds is null then measures.numerator end as numerator,
        case when periods.missing_feeds is null then measures.denominator end as denominator,
        measures.reason as measure_reason
    from periods
    inner join {{ ref('plan_indicators') }} as forms on periods.indicator = forms.code
    left join measures
        on
            periods.region = measures.region
            and periods.indicator = measures.indicator
            and periods.period_type = measures.period_type
            and periods.period_start = measures.period_start
),

valued as (
    select
        *,
        case form
            when 'percent' then {{ rounded_ratio('numerator', 'denominator', percent=true) }}
            when 'ratio' then {{ rounded_ratio('numerator', 'denominator') }}
            else {{ rounded('numerator') }}
        end as value
    from known
)

select
    region,
    indicator,
    'default' as method,
    cast(null as integer) as base_year,
    period_type,
    period_start,
    period_end,
    value,
    cast(numerator as {{ ratio() }}) as numerator,
    cast(denominator as {{ ratio() }}) as denominator,
    basis,
    is_complete,
    expected_scopes,
    present_scopes,
    case
        when missing_feeds is not null then concat('missing_feed: ', missing_feeds)
        when value is null then coalesce(measure_reason, 'no_population')
        when not is_complete then concat('incomplete: ', incomplete_feeds)
    end as reason
from valued
