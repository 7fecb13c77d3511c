-- One row per region, feed, member and period that the member has delivered.
with scopes as (
    select region, feed, member, period_start, is_empty from {{ ref('stg_winning_scopes') }}
),

in_scope as (
    select region, feed, member, period_start from scopes
    where member is not null
),

two_months as (
    -- a February form of two months stands for the January that was not asked for
    select
        region, 'energy_enterprise' as feed, enterprise_id as member,
        cast(date_trunc('year', month) as date) as period_start
    from {{ ref('stg_energy_enterprise') }}
    where months = 2
),

in_rows as (
    select region, 'operating_transport' as feed, carriage as member, quarter as period_start
    from {{ ref('stg_operating_transport') }}
    union
    select region, 'waste_sorting' as feed, community_id as member, month as period_start
    from {{ ref('stg_waste_sorting') }}
    union
    select region, 'meter_readings' as feed, meter_id as member, day as period_start
    from {{ ref('int_meter_days') }}
),

first_periods as (
    select region, feed, member, min(period_start) as first_period from in_rows
    group by region, feed, member
),

in_empty_scopes as (
    -- an empty scope speaks for every member known by then
    select scopes.region, scopes.feed, first_periods.member, scopes.period_start
    from scopes
    inner join first_periods
        on
            scopes.region = first_periods.region
            and scopes.feed = first_periods.feed
            and scopes.period_start >= first_periods.first_period
    where scopes.is_empty
)

select * from in_scope
union
select * from two_months
union
select * from in_rows
union
select * from in_empty_scopes
