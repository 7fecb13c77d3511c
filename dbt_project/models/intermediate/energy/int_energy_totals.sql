-- One row per region and period: every total of the energy formulas on the basis that serves it.
with components as (
    select * from {{ ref('int_energy_balance_years') }}
    union all
    select windows.*
    from {{ ref('int_energy_windows') }} as windows
    left join {{ ref('int_energy_balance_years') }} as balance
        on
            windows.region = balance.region
            and windows.period_type = balance.period_type
            and windows.period_start = balance.period_start
    where balance.region is null
),

factors as (
    select
        {% for item in ['coal', 'oil', 'gas', 'heat'] %}
            max(case when item = '{{ item }}' then factor end) as {{ item }}{% if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('ref_co2_factors') }}
    where factor_set = 'assessment'
),

totals as (
    select
        components.*,
        components.feedstock_coal_tce + components.feedstock_oil_tce + components.feedstock_gas_tce as feedstock_tce,
        components.coal_tce + components.oil_tce + components.gas_tce + components.heat_tce + components.domestic_nonfossil_tce
        + components.import_tce as total_tce,
        components.domestic_nonfossil_tce + components.import_nonfossil_tce as nonfossil_tce,
        cast((components.coal_tce - components.feedstock_coal_tce) * factors.coal as {{ amount() }})
        + cast((components.oil_tce - components.feedstock_oil_tce) * factors.oil as {{ amount() }})
        + cast((components.gas_tce - components.feedstock_gas_tce) * factors.gas as {{ amount() }})
        + cast(components.heat_gj * factors.heat as {{ amount() }})
        + components.import_co2_t as co2_t
    from components
    cross join factors
)

select
    *,
    case
        when absent_feed is not null then 'missing_feed: ' || absent_feed
        when total_tce is null then 'missing_parameter: power_coal_rate'
    end as total_reason,
    case
        when absent_feed is not null then 'missing_feed: ' || absent_feed
        when total_tce is null then 'missing_parameter: power_coal_rate'
        when nonfossil_tce is null then 'missing_parameter: grid_nonfossil_share'
    end as nonfossil_reason,
    case
        when absent_feed is not null then 'missing_feed: ' || absent_feed
        when co2_t is null then 'missing_parameter: grid_co2_factor'
    end as co2_reason
from totals
