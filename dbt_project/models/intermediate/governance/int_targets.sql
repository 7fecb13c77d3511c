-- One row per region, indicator, target year and level: the plan's targets, filled or overruled by those assigned later.
with plan_targets as (
    select
        regions.region,
        targets.indicator,
        targets.target_year,
        targets.level,
        targets.kind,
        targets.target,
        targets.base_year,
        targets.method,
        targets.source
    from {{ ref('plan_targets') }} as targets
    inner join {{ ref('int_regions') }} as regions on targets.plan = regions.plan
),

newest as (
    -- from the scopes, not the rows: a newest register delivered empty takes all assignments back
    select region, max(period_start) as as_of from {{ ref('stg_winning_scopes') }}
    where feed = 'assigned_targets'
    group by region
),

assigned as (
    select registers.*
    from {{ ref('stg_assigned_targets') }} as registers
    inner join newest on registers.region = newest.region and registers.as_of = newest.as_of
),

directions as (
    select code, better, case when unit = '年' then 'before' when better = 'down' then 'at_most' else 'at_least' end as usual_kind
    from {{ ref('plan_indicators') }}
),

merged as (
    select
        coalesce(assigned.region, plan_targets.region) as region,
        coalesce(assigned.indicator, plan_targets.indicator) as indicator,
        coalesce(assigned.year, plan_targets.target_year) as target_year,
        coalesce(assigned.level, plan_targets.level) as level,
        -- `all` asks for everything: a number assigned below that is an ordinary floor
        case when plan_targets.kind = 'all' and assigned.target <> 100 then 'at_least' else plan_targets.kind end as kind,
        coalesce(assigned.target, plan_targets.target) as target,
        coalesce(assigned.base_year, plan_targets.base_year) as base_year,
        coalesce(assigned.method, plan_targets.method) as method,
        coalesce(assigned.document, plan_targets.source) as source,
        case when assigned.region is null then 'plan' else 'document' end as origin
    from plan_targets
    full outer join assigned
        on
            plan_targets.region = assigned.region
            and plan_targets.indicator = assigned.indicator
            and plan_targets.target_year = assigned.year
            and plan_targets.level = assigned.level
)

select
    concat(
        merged.region, '|', merged.indicator, '|', coalesce(cast(merged.target_year as string), ''), '|', merged.level
    ) as target_id,
    merged.region,
    merged.indicator,
    merged.target_year,
    merged.level,
    coalesce(merged.kind, directions.usual_kind) as kind,
    directions.better,
    cast(merged.target as {{ published() }}) as target,
    merged.base_year,
    merged.method,
    merged.source,
    merged.origin
from merged
inner join directions on merged.indicator = directions.code
