-- One row per region and year with a window of energy data: the year of the highest CO2 emissions so far.
with emissions as (
    select * from {{ ref('int_measures_energy_totals') }}
    where indicator = 'co2_emissions' and period_type = 'year'
),

completeness as (
    select * from {{ ref('int_indicator_periods') }}
    where indicator = 'co2_emissions' and period_type = 'year' and is_complete
),

complete as (
    select
        emissions.region,
        emissions.period_start,
        -- years that are published as equal are equal
        {{ rounded_ratio('emissions.numerator', 'emissions.denominator') }} as co2_emissions,
        calendar.year
    from emissions
    inner join completeness
        on emissions.region = completeness.region and emissions.period_start = completeness.period_start
    inner join {{ ref('ref_months') }} as calendar on emissions.period_start = calendar.month_start
    where emissions.numerator is not null
),

peaks as (
    select
        emissions.region,
        emissions.period_start,
        complete.year as peak_year
    from emissions
    inner join complete
        on emissions.region = complete.region and emissions.period_start >= complete.period_start
    where emissions.numerator is not null
    qualify row_number() over (
        partition by emissions.region, emissions.period_start order by complete.co2_emissions desc, complete.year asc
    ) = 1
)

select
    emissions.region,
    'co2_peak_year' as indicator,
    emissions.period_type,
    emissions.period_start,
    emissions.period_end,
    emissions.basis,
    peaks.peak_year as numerator,
    cast(null as {{ amount() }}) as denominator,
    case
        when emissions.numerator is null then emissions.reason
        when peaks.peak_year is null then 'no_complete_year'
    end as reason
from emissions
left join peaks on emissions.region = peaks.region and emissions.period_start = peaks.period_start
