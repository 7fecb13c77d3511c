-- One row per region, indicator, period and delivery that fed the value.
with sources as (
    select * from {{ ref('int_lineage_sources') }}
),

by_delivery as (
    select
        region,
        feed,
        period_type,
        source_start,
        indicator,
        delivery_id,
        min(scope) as first_scope,
        max(scope) as last_scope,
        count(*) as scopes,
        sum(row_count) as row_count,
        sum(corrections) as corrections
    from {{ ref('int_source_scopes') }}
    where feed <> 'national_accounts'
    group by region, feed, period_type, source_start, indicator, delivery_id
),

singly as (
    select * from {{ ref('int_lineage_scopes') }}
),

fed as (
    select
        sources.region,
        sources.indicator,
        sources.period_type,
        sources.period_start,
        sources.period_end,
        by_delivery.feed,
        by_delivery.delivery_id,
        min(by_delivery.first_scope) as first_scope,
        max(by_delivery.last_scope) as last_scope,
        sum(by_delivery.scopes) as scopes,
        sum(by_delivery.row_count) as row_count,
        sum(by_delivery.corrections) as corrections
    from sources
    inner join by_delivery
        on
            sources.region = by_delivery.region
            and sources.feed = by_delivery.feed
            and sources.period_type = by_delivery.period_type
            and sources.source_start = by_delivery.source_start
            and (by_delivery.indicator is null or sources.indicator = by_delivery.indicator)
    group by
        sources.region, sources.indicator, sources.period_type, sources.period_start, sources.period_end,
        by_delivery.feed, by_delivery.delivery_id
    union all
    select
        region, indicator, period_type, period_start, period_end, feed, delivery_id,
        min(scope) as first_scope, max(scope) as last_scope, count(*) as scopes, sum(row_count) as row_count,
        sum(corrections) as corrections
    from singly
    group by region, indicator, period_type, period_start, period_end, feed, delivery_id
)

select
    fed.region,
    fed.indicator,
    fed.period_type,
    fed.period_start,
    fed.period_end,
    fed.feed,
    fed.delivery_id,

    deliveries.file_name,
    deliveries.sha256,
    case when fed.first_scope = fed.last_scope then fed.first_scope else concat(fed.first_scope, ' … ', fed.last_scope) end
        as scope,

    cast(fed.scopes as bigint) as scopes,
    cast(fed.row_count as bigint) as row_count,
    cast(fed.corrections as bigint) as corrections,
    -- of the whole delivery: what a row that was left out would have said is not known, nor always its scope
    cast(deliveries.excluded_rows as bigint) as excluded_rows
from fed
inner join {{ ref('int_deliveries') }} as deliveries on fed.delivery_id = deliveries.delivery_id
