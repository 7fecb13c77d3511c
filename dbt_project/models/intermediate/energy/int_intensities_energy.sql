-- One row per region, reduction, method and year: the intensity whose fall the reduction measures, per 10^4 yuan.
with totals as (
    select * from {{ ref('int_energy_totals') }}
    where period_type = 'year'
),

gdp as (
    select * from {{ ref('int_gdp_constant') }}
    where item = 'gdp'
),

calendar as (
    select month_start, year from {{ ref('ref_months') }}
),

joined as (
    select
        totals.*,
        calendar.year,
        gdp.value_2020 as gdp,
        case when gdp.region is null then 'missing_gdp' else gdp.reason end as gdp_reason
    from totals
    inner join calendar on totals.period_start = calendar.month_start
    left join gdp on totals.region = gdp.region and calendar.year = gdp.year
),

intensities as (
    select region, 'energy_intensity_reduction' as indicator, 'excluding_feedstock' as method, year, basis,
        total_tce - feedstock_tce as numerator, gdp as denominator, coalesce(total_reason, gdp_reason) as reason
    from joined
    union all
    select region, 'energy_intensity_reduction' as indicator, 'plain' as method, year, basis,
        total_tce as numerator, gdp as denominator, coalesce(total_reason, gdp_reason) as reason
    from joined
    union all
    select region, 'energy_intensity_reduction' as indicator, 'excluding_feedstock_and_nonfossil' as method, year,
        basis, total_tce - feedstock_tce - nonfossil_tce as numerator, gdp as denominator,
        coalesce(nonfossil_reason, gdp_reason) as reason
    from joined
    union all
    select region, 'co2_intensity_reduction' as indicator, 'default' as method, year, basis,
        co2_t as numerator, gdp as denominator, coalesce(co2_reason, gdp_reason) as reason
    from joined
)

select
    region,
    indicator,
    method,
    year,
    basis,
    cast(numerator as {{ amount() }}) as numerator,
    cast(denominator as {{ amount() }}) as denominator,
    reason
from intensities
