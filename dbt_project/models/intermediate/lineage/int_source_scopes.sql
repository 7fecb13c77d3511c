-- One row per region, feed, period looked at and winning scope of that period; `indicator` only where a scope serves one.
with scopes as (
    select * from {{ ref('stg_winning_scopes') }}
),

windows as (
    select sources.region, sources.feed, sources.period_type, sources.source_start, sources.source_end, feeds.serves
    from {{ ref('int_lineage_sources') }} as sources
    inner join {{ ref('ref_feeds') }} as feeds on sources.feed = feeds.feed
    group by sources.region, sources.feed, sources.period_type, sources.source_start, sources.source_end, feeds.serves
),

timed as (
    select
        windows.*, scopes.delivery_id, scopes.scope, scopes.row_count, scopes.corrections,
        case when windows.feed = 'reported_indicators' then split_part(scopes.scope, '|', 2) end as indicator
    from windows
    inner join scopes
        on
            windows.region = scopes.region
            and windows.feed = scopes.feed
            and scopes.period_start between windows.source_start and windows.source_end
    where windows.serves in ('scope', 'accounts') and windows.feed <> 'region_parameters'
),

registers as (
    select windows.*, scopes.delivery_id, scopes.scope, scopes.row_count, scopes.corrections, cast(null as string) as indicator
    from windows
    inner join {{ ref('int_feed_coverage') }} as coverage
        on
            windows.region = coverage.region
            and windows.feed = coverage.feed
            and windows.period_type = coverage.period_type
            and windows.source_start = coverage.period_start
    inner join scopes
        on windows.region = scopes.region and windows.feed = scopes.feed and coverage.as_of = scopes.period_start
    where windows.serves in ('register', 'dates')
)

select * from timed
union all
select * from registers
