-- One row per region, energy indicator and period: numerator and denominator of its value, or why there is none.
-- every part is cast before the union, which would otherwise settle on the fewest places
with intensities as (
    select
        intensities.region,
        -- the intensities themselves are published under the method that is assessed
        replace(intensities.indicator, '_reduction', '') as indicator,
        'year' as period_type,
        starts.month_start as period_start,
        ends.month_end as period_end,
        intensities.basis,
        cast(intensities.numerator as {{ amount() }}) as numerator,
        cast(intensities.denominator as {{ amount() }}) as denominator,
        intensities.reason
    from {{ ref('int_intensities_energy') }} as intensities
    inner join {{ ref('ref_months') }} as starts on intensities.year = starts.year and starts.month = 1
    inner join {{ ref('ref_months') }} as ends on intensities.year = ends.year and ends.month = 12
    where intensities.method in ('excluding_feedstock', 'default')
),

measures as (
    select * from intensities
    {% for model in ['energy_totals', 'energy_monthly', 'co2_peak', 'capacity', 'manufacturing'] %}
        union all
        select
            region,
            indicator,
            period_type,
            period_start,
            period_end,
            basis,
            cast(numerator as {{ amount() }}) as numerator,
            cast(denominator as {{ amount() }}) as denominator,
            reason
        from {{ ref('int_measures_' ~ model) }}
    {% endfor %}
)

select
    region,
    indicator,
    period_type,
    period_start,
    period_end,
    'default' as method,
    basis,
    numerator,
    denominator,
    case
        when reason is not null then reason
        when denominator = 0 then 'zero_denominator'
    end as reason
from measures
