-- One row per target: where it started and how far it has come.
with goals as (
    select * from {{ ref('int_target_goals') }}
),

points as (
    select * from {{ ref('int_target_points') }}
),

latest as (
    select target_id, year, period_end, value, is_held from points
    qualify row_number() over (partition by target_id order by year desc) = 1
),

bases as (
    select points.target_id, points.year, points.value
    from points
    inner join goals on points.target_id = goals.target_id and points.year >= goals.first_base_year
    qualify row_number() over (partition by points.target_id order by points.year) = 1
),

held as (
    -- what would give an indicator its first value
    select scopes.region, feeds.indicator
    from {{ ref('stg_held_scopes') }} as scopes
    inner join {{ ref('indicator_feeds') }} as feeds on scopes.feed = feeds.feed and feeds.needed
    where scopes.feed <> 'reported_indicators' or split_part(scopes.scope, '|', 2) = feeds.indicator
    group by scopes.region, feeds.indicator
),

any_value as (
    select region, indicator from {{ ref('int_indicator_values') }}
    where value is not null
    group by region, indicator
)

select
    goals.*,
    latest.year as latest_year,
    latest.period_end as latest_period,
    latest.value as latest_value,
    bases.year as from_year,
    case when goals.kind <> 'before' then bases.value end as base_value,
    any_value.region is not null as has_value,
    coalesce(latest.is_held, held.indicator is not null) as is_held,
    coalesce(latest.year = goals.target_year, false) as is_final,
    coalesce(goals.direction * (latest.value - goals.threshold) >= 0, false) as is_reached,
    coalesce({{ year_of('run.as_of') }} > goals.target_year, false) as is_over
from goals
cross join {{ ref('int_run') }} as run
left join latest on goals.target_id = latest.target_id
left join bases on goals.target_id = bases.target_id
left join any_value on goals.region = any_value.region and goals.indicator = any_value.indicator
left join held on goals.region = held.region and goals.indicator = held.indicator
