-- One row per region, indicator and window: the indicators that stand on the energy totals alone.
with totals as (
    select * from {{ ref('int_energy_totals') }}
),

constants as (
    select value as per_wan from {{ ref('ref_constants') }}
    where name = 'per_wan'
),

measures as (
    select region, 'non_fossil_share' as indicator, period_type, period_start, period_end, basis,
        nonfossil_tce as numerator, total_tce as denominator, nonfossil_reason as reason
    from totals
    union all
    select region, 'clean_energy_share' as indicator, period_type, period_start, period_end, basis,
        gas_tce + nonfossil_tce as numerator, total_tce as denominator, nonfossil_reason as reason
    from totals
    union all
    select region, 'coal_consumption' as indicator, period_type, period_start, period_end, basis,
        coal_tce as numerator, cast(null as {{ amount() }}) as denominator,
        case when coal_tce is null then total_reason end as reason
    from totals
    union all
    select region, 'oil_consumption' as indicator, period_type, period_start, period_end, basis,
        oil_tce as numerator, cast(null as {{ amount() }}) as denominator,
        case when oil_tce is null then total_reason end as reason
    from totals
    union all
    select region, 'co2_emissions' as indicator, period_type, period_start, period_end, basis,
        co2_t as numerator, cast(null as {{ amount() }}) as denominator, co2_reason as reason
    from totals
)

select
    measures.region,
    measures.indicator,
    measures.period_type,
    measures.period_start,
    measures.period_end,
    measures.basis,
    measures.numerator,
    case
        when measures.indicator in ('coal_consumption', 'oil_consumption', 'co2_emissions') then constants.per_wan
        else measures.denominator
    end as denominator,
    measures.reason
from measures
cross join constants
