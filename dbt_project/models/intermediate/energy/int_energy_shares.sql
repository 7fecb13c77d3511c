-- One row per region, year and item of primary energy: the six items that make up total_tce.
with totals as (
    select * from {{ ref('int_energy_totals') }}
    where period_type = 'year' and total_tce is not null
),

calendar as (
    select
        month_start,
        year
    from {{ ref('ref_months') }}
)

{% for item, column in [
    ('coal', 'coal_tce'), ('oil', 'oil_tce'), ('gas', 'gas_tce'), ('heat', 'heat_tce'),
    ('nonfossil', 'domestic_nonfossil_tce'), ('electricity_import', 'import_tce'),
] %}
    select
        totals.region,
        calendar.year,
        '{{ item }}' as item,
        totals.basis,
        cast(totals.{{ column }} as {{ amount() }}) as tce,
        cast(totals.total_tce as {{ amount() }}) as total_tce
    from totals
    inner join calendar on totals.period_start = calendar.month_start
    {% if not loop.last %}union all{% endif %}
{% endfor %}
