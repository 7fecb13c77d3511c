-- One row per region and year of accounts: manufacturing against industry at current prices, to the latest quarter.
with accounts as (
    select * from {{ ref('int_national_accounts') }}
),

-- current prices are the same in every price base; an older base only has the older revision
served as (
    select
        region,
        year,
        quarter,
        item,
        value_current
    from accounts
    qualify row_number() over (
        partition by region, year, quarter, item
        order by case when price_base = 2020 then 0 else 1 end, price_base desc
    ) = 1
),

latest as (
    select
        region,
        year,
        max(quarter) as quarter
    from accounts
    group by region, year
),

pairs as (
    select
        latest.region,
        latest.year,
        max(case when served.item = 'manufacturing' then served.value_current end) as manufacturing,
        max(case when served.item = 'industry' then served.value_current end) as industry
    from latest
    left join served
        on latest.region = served.region and latest.year = served.year and latest.quarter = served.quarter
    group by latest.region, latest.year
)

select
    pairs.region,
    'manufacturing_va_share' as indicator,
    'year' as period_type,
    starts.month_start as period_start,
    ends.month_end as period_end,
    cast(null as varchar) as basis,
    pairs.manufacturing as numerator,
    pairs.industry as denominator,
    case
        when pairs.manufacturing is null then 'missing_item: manufacturing'
        when pairs.industry is null then 'missing_item: industry'
    end as reason
from pairs
inner join {{ ref('ref_months') }} as starts on pairs.year = starts.year and starts.month = 1
inner join {{ ref('ref_months') }} as ends on pairs.year = ends.year and ends.month = 12
