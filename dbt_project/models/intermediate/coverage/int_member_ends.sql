-- One row per region, feed and member that has rightly stopped: the first day of its last period, from the newest register.
with registers as (
    select * from {{ ref('stg_member_ends') }}
),

newest as (
    select * from registers
    qualify as_of = max(as_of) over (partition by region)
),

products as (
    select code, name_zh, concat(';', coalesce(aliases, ''), ';') as aliases from {{ ref('ref_energy_products') }}
),

dated as (
    select
        newest.region,
        newest.feed,
        coalesce(products.code, newest.member) as member,
        {{ period_of_text('newest.last_period') }} as last_day
    from newest
    left join products
        on
            newest.feed = 'energy_supply'
            and (
                newest.member = products.code
                or newest.member = products.name_zh
                or products.aliases like concat('%;', newest.member, ';%')
            )
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
group by dated.region, dated.feed, dated.member
