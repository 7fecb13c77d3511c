-- One row per region, indicator, period, delivery and scope, where a scope may serve several years: each counts once.
with sources as (
    select * from {{ ref('int_lineage_sources') }}
),

accounts as (
    select region, feed, period_type, source_start, delivery_id, scope, row_count, corrections
    from {{ ref('int_source_scopes') }}
    where feed = 'national_accounts'
),

borrowed as (
    select * from {{ ref('int_borrowed_scopes') }}
)

select
    sources.region, sources.indicator, sources.period_type, sources.period_start, sources.period_end,
    accounts.feed, accounts.delivery_id, accounts.scope, accounts.row_count, accounts.corrections
from sources
inner join accounts
    on
        sources.region = accounts.region
        and sources.feed = accounts.feed
        and sources.period_type = accounts.period_type
        and sources.source_start = accounts.source_start
union
select
    sources.region, sources.indicator, sources.period_type, sources.period_start, sources.period_end,
    borrowed.feed, borrowed.delivery_id, borrowed.scope, borrowed.row_count, borrowed.corrections
from sources
inner join borrowed
    on
        sources.region = borrowed.region
        and sources.indicator = borrowed.indicator
        and sources.feed = borrowed.feed
        and sources.period_type = borrowed.period_type
        and sources.source_start = borrowed.source_start
