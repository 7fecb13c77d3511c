-- One row per region, feed and member that has rightly stopped: the first day of its last period, from the newest register.
with served as (
    -- from the scopes, not the rows: a newest register delivered empty lets nobody go
    select region, max(period_start) as as_of from {{ ref('stg_winning_scopes') }}
    where feed = 'member_ends'
    group by region
),

newest as (
    select registers.*
    from {{ ref('stg_member_ends') }} as registers
    inner join served on registers.region = served.region and registers.as_of = served.as_of
),

names as (
    select 'energy_supply' as feed, code, concat(';', code, ';', name_zh, ';', coalesce(aliases, ''), ';') as spellings
    from {{ ref('ref_energy_products') }}
    union all
    select 'operating_transport' as feed, carriage as code, concat(';', carriage, ';', name_zh, ';') as spellings
    from {{ ref('ref_carriages') }}
),

dated as (
    select
        newest.region,
        newest.feed,
        coalesce(names.code, newest.member) as member,
        {{ period_of_text('newest.last_period') }} as last_day
    from newest
    left join names
        on newest.feed = names.feed and lower(names.spellings) like concat('%;', lower(newest.member), ';%')
)

select
    dated.region,
    dated.feed,
    dated.member,
    max(
        case feeds.frequency
            when 'daily' then dated.last_day
            when 'quarterly' then cast(date_trunc('quarter', dated.last_day) as date)
            else cast(date_trunc('month', dated.last_day) as date)
        end
    ) as last_period
from dated
inner join {{ ref('ref_feeds') }} as feeds on dated.feed = feeds.feed
-- what is no period of any feed ends nobody
where dated.last_day is not null
group by dated.region, dated.feed, dated.member
