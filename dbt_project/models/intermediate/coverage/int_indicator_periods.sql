-- One row per region, indicator and period: the basis it stands on and whether all its feeds are complete.
with opened as (
    select * from {{ ref('int_opened_periods') }}
),

coverage as (
    select * from {{ ref('int_feed_coverage') }}
),

reported as (
    select *, not coalesce(is_partial, false) as is_whole from {{ ref('int_reported_scopes') }}
),

bases as (
    select
        indicator,
        max(case when basis = 'monthly' then 1 else 0 end) = 1 as is_energy,
        max(case when basis = 'balance' then 1 else 0 end) = 1 as may_stand_on_balance
    from {{ ref('indicator_feeds') }}
    group by indicator
),

based as (
    select
        opened.*,
        case
            when not bases.is_energy then null
            when bases.may_stand_on_balance and opened.period_type = 'year' and not balance.is_absent then 'balance'
            else 'monthly'
        end as basis
    from opened
    inner join bases on opened.indicator = bases.indicator
    left join coverage as balance
        on
            opened.region = balance.region
            and opened.period_type = balance.period_type
            and opened.period_start = balance.period_start
            and balance.feed = 'energy_balance'
),

needed as (
    select
        based.region,
        based.indicator,
        based.period_type,
        based.period_start,
        based.period_end,
        based.basis,
        based.is_row,
        feeds.feed,
        case when feeds.feed = 'reported_indicators' then 1 else coverage.expected_scopes end as expected_scopes,
        case
            when feeds.feed <> 'reported_indicators' then coverage.present_scopes
            when reported.is_whole then 1
            else 0
        end as present_scopes,
        case
            when feeds.feed = 'reported_indicators' then coalesce(reported.is_whole, false) else coverage.is_complete
        end as is_complete,
        case
            when feeds.feed = 'reported_indicators' then reported.indicator is null else coverage.is_absent
        end as is_absent
    from based
    inner join {{ ref('indicator_feeds') }} as feeds
        on
            based.indicator = feeds.indicator
            and feeds.needed
            and (feeds.basis = 'any' or based.basis = feeds.basis)
    inner join coverage
        on
            based.region = coverage.region
            and feeds.feed = coverage.feed
            and based.period_type = coverage.period_type
            and based.period_start = coverage.period_start
    left join reported
        on
            based.region = reported.region
            and based.indicator = reported.indicator
            and based.period_start = reported.period_start
            and feeds.feed = 'reported_indicators'
)

select
    region,
    indicator,
    period_type,
    period_start,
    period_end,
    basis,
    is_row,
    cast(sum(expected_scopes) as bigint) as expected_scopes,
    cast(sum(present_scopes) as bigint) as present_scopes,
    min(case when is_complete then 1 else 0 end) = 1 as is_complete,
    {{ joined_texts('case when is_absent then feed end') }} as missing_feeds,
    {{ joined_texts('case when not is_complete then feed end') }} as incomplete_feeds
from needed
group by region, indicator, period_type, period_start, period_end, basis, is_row
