-- One row per region and indicator of its plan: the worst status of its targets. An incentive is extra: it counts only
-- where there is nothing else.
with regions as (
    select * from {{ ref('int_regions') }}
),

statuses as (
    select status, severity from {{ ref('ref_statuses') }}
),

progress as (
    select
        progress.region,
        progress.indicator,
        progress.status,
        statuses.severity
    from {{ ref('int_target_progress') }} as progress
    inner join statuses on progress.status = statuses.status
    qualify row_number() over (
        partition by progress.region, progress.indicator
        order by case when progress.level = 'incentive' then 1 else 0 end asc, statuses.severity desc, progress.target_year asc
    ) = 1
),

no_target as (
    select severity from statuses
    where status = 'no_target'
),

members as (
    select
        regions.region,
        regions.plan,
        indicators.code as indicator,
        plans.all_indicators
    from regions
    inner join {{ ref('plans') }} as plans on regions.plan = plans.plan
    cross join {{ ref('plan_indicators') }} as indicators
)

select
    members.region,
    members.plan,
    members.indicator,
    coalesce(progress.status, 'no_target') as status,
    coalesce(progress.severity, no_target.severity) as severity
from members
cross join no_target
left join progress on members.region = progress.region and members.indicator = progress.indicator
where members.all_indicators or progress.indicator is not null
