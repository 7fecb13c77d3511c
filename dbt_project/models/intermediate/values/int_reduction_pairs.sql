-- One row per region, reduction, method, base year and year: the intensities and the completeness of both years.
with periods as (
    select periods.*, calendar.year
    from {{ ref('int_indicator_periods') }} as periods
    inner join {{ ref('ref_months') }} as calendar on periods.period_start = calendar.month_start
    where periods.period_type = 'year'
),

delivered as (
    select region, indicator, method, year, numerator, denominator, reason from {{ ref('int_intensities_energy') }}
    union all
    select region, indicator, method, year, numerator, denominator, reason from {{ ref('int_intensities_transport') }}
),

intensities as (
    select
        *,
        {{ exact_ratio('numerator', 'denominator') }} as intensity
    from delivered
)

select
    current_year.region,
    current_year.indicator,
    reductions.method,
    bases.base_year,
    current_year.year,
    current_year.period_start,
    current_year.period_end,
    current_year.basis,
    current_year.missing_feeds,
    base_year.missing_feeds as base_missing_feeds,
    current_year.incomplete_feeds,
    coalesce(current_year.basis, '') <> coalesce(base_year.basis, '') as is_basis_break,
    current_year.is_complete and base_year.is_complete as are_both_complete,
    case when bases.base_year = current_year.year then 0 else base_year.expected_scopes end
    + current_year.expected_scopes as expected_scopes,
    case when bases.base_year = current_year.year then 0 else base_year.present_scopes end
    + current_year.present_scopes as present_scopes,
    current_intensities.intensity,
    current_intensities.reason,
    base_intensities.intensity as base_intensity
from periods as current_year
inner join {{ ref('plan_reductions') }} as reductions on current_year.indicator = reductions.indicator
inner join {{ ref('int_base_years') }} as bases
    on
        current_year.region = bases.region
        and current_year.indicator = bases.indicator
        and current_year.year >= bases.base_year
inner join periods as base_year
    on
        current_year.region = base_year.region
        and current_year.indicator = base_year.indicator
        and bases.base_year = base_year.year
left join intensities as current_intensities
    on
        current_year.region = current_intensities.region
        and current_year.indicator = current_intensities.indicator
        and reductions.method = current_intensities.method
        and current_year.year = current_intensities.year
left join intensities as base_intensities
    on
        current_year.region = base_intensities.region
        and current_year.indicator = base_intensities.indicator
        and reductions.method = base_intensities.method
        and bases.base_year = base_intensities.year
where current_year.is_row
