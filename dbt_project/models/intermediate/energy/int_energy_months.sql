-- One row per region and month: every component of the energy formulas, in tce unless its name says otherwise.
with months as (
    select * from {{ ref('int_energy_feed_months') }}
),

supply as (
    select * from {{ ref('int_energy_supply_months') }}
),

enterprise as (
    select * from {{ ref('int_energy_enterprise_months') }}
),

generation as (
    select
        region,
        month,
        sum(case when is_nonfossil then generated_wan_kwh else 0 end) as nonfossil_generation_wan_kwh,
        sum(case when is_nonfossil then 0 else generated_wan_kwh end) as fossil_generation_wan_kwh
    from {{ ref('int_generation') }}
    group by region, month
)

select
    months.region,
    months.month,
    months.year,
    cast(coalesce(supply.electricity_wan_kwh, 0) as {{ amount() }}) as electricity_wan_kwh,
    cast(coalesce(generation.nonfossil_generation_wan_kwh, 0) as {{ amount() }}) as nonfossil_generation_wan_kwh,
    cast(coalesce(generation.fossil_generation_wan_kwh, 0) as {{ amount() }}) as fossil_generation_wan_kwh,
    {% for family in ['coal', 'oil', 'gas'] %}
        cast(coalesce(supply.{{ family }}_tce, 0) + coalesce(enterprise.{{ family }}_tce, 0) as {{ amount() }})
            as {{ family }}_tce,
        cast(coalesce(enterprise.feedstock_{{ family }}_tce, 0) as {{ amount() }}) as feedstock_{{ family }}_tce,
    {% endfor %}
    cast(coalesce(enterprise.heat_gj, 0) as {{ amount() }}) as heat_gj,
    {% for column in ['heat_tce', 'direct_nonfossil_tce', 'fossil_power_input_tce', 'industry_tce'] %}
        cast(coalesce(enterprise.{{ column }}, 0) as {{ amount() }}) as {{ column }},
    {% endfor %}
    {% for column in ['electricity_calorific_tce', 'building_tce', 'building_electricity_tce'] %}
        cast(coalesce(supply.{{ column }}, 0) as {{ amount() }}) as {{ column }}{% if not loop.last %},{% endif %}
    {% endfor %}
from months
left join supply on months.region = supply.region and months.month = supply.month
left join enterprise on months.region = enterprise.region and months.month = enterprise.month
left join generation on months.region = generation.region and months.month = generation.month
