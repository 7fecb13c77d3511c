-- One row per region and year that has an annual balance, its items side by side; a missing item counts 0.
with years as (
    select distinct
        region,
        period_start,
        period_end
    from {{ ref('stg_winning_scopes') }}
    where feed = 'energy_balance'
),

januaries as (
    select
        year,
        month_start
    from {{ ref('ref_months') }}
    where month = 1
),

items as (
    select * from {{ ref('int_energy_balance_items') }}
)

select
    years.region,
    januaries.year,
    years.period_start,
    years.period_end,
    {% for item in [
        'coal', 'oil', 'gas', 'nonfossil', 'electricity_import', 'heat_import',
        'feedstock_coal', 'feedstock_oil', 'feedstock_gas'
    ] %}
        cast(coalesce(sum(case when items.item = '{{ item }}' then items.quantity end), 0) as {{ amount() }}) as {{ item }}
        {%- if not loop.last %},{% endif %}
    {% endfor %}
from years
inner join januaries on years.period_start = januaries.month_start
left join items on years.region = items.region and januaries.year = items.year
group by years.region, januaries.year, years.period_start, years.period_end
