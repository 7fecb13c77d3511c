-- One row per region, indicator, period looked at and winning scope that serves it from another year: parameters served by
-- the nearest year that has them, and the accounts that link an older price base to 2020 prices.
with sources as (
    select region, indicator, feed, period_type, source_start, source_end from {{ ref('int_lineage_sources') }}
    where feed in ('region_parameters', 'national_accounts')
    group by region, indicator, feed, period_type, source_start, source_end
),

scopes as (
    select * from {{ ref('stg_winning_scopes') }}
),

parameters as (
    select region, parameter, year, served_year from {{ ref('int_region_parameters') }}
    where origin = 'delivered'
),

links as (
    select region, item, year, link_year from {{ ref('int_gdp_constant') }}
    where price_base <> 2020 and link_year is not null
),

served as (
    select sources.*, parameters.served_year, 1 as first_month
    from sources
    inner join parameters
        on
            sources.region = parameters.region
            and parameters.year between {{ year_of('sources.source_start') }} and {{ year_of('sources.source_end') }}
            -- each looks only at the parameters of its own formula
            and (parameters.parameter = 'land_area') = (sources.indicator = 'forest_coverage')
            and (sources.indicator <> 'operating_vehicle_co2_reduction' or parameters.parameter = 'grid_co2_factor')
    where sources.feed = 'region_parameters'
    union all
    select sources.*, links.link_year as served_year, 10 as first_month
    from sources
    inner join links
        on
            sources.region = links.region
            and {{ year_of('sources.source_start') }} = links.year
            and links.item
            = case sources.indicator when 'industrial_energy_intensity' then 'industry_above_scale' else 'gdp' end
    where sources.feed = 'national_accounts' and sources.indicator <> 'manufacturing_va_share'
)

select distinct
    served.region,
    served.indicator,
    served.feed,
    served.period_type,
    served.source_start,
    scopes.delivery_id,
    scopes.scope,
    scopes.row_count,
    scopes.corrections
from served
inner join scopes
    on
        served.region = scopes.region
        and served.feed = scopes.feed
        and served.served_year = {{ year_of('scopes.period_start') }}
        and served.first_month = {{ month_of('scopes.period_start') }}
