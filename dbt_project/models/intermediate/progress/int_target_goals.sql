-- One row per region, indicator, target year and level: the threshold that must be reached, and from which side.
with targets as (
    select * from {{ ref('int_targets') }}
),

constants as (
    select
        max(case when name = 'about_tolerance' then value end) as tolerance,
        max(case when name = 'default_base_year' then cast(value as integer) end) as default_base_year
    from {{ ref('ref_constants') }}
),

directed as (
    select
        targets.*,
        case
            when targets.kind in ('at_most', 'before') then -1
            when targets.kind = 'about' and targets.better = 'down' then -1
            else 1
        end as direction
    from targets
)

select
    directed.target_id,
    directed.region,
    directed.indicator,
    directed.target_year,
    directed.level,
    directed.kind,
    directed.target,
    directed.base_year,
    directed.method,
    directed.direction,
    coalesce(directed.base_year, constants.default_base_year) as first_base_year,
    directed.indicator in (select reductions.indicator from {{ ref('plan_reductions') }} as reductions) as is_reduction,
    cast(case directed.kind
        when 'about' then directed.target - directed.direction * constants.tolerance
        else directed.target
    end as {{ published() }}) as threshold
from directed
cross join constants
