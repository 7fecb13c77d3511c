-- One row per region, reduction and base year: the usual one and every year that a target of that reduction names.
with usual as (
    select
        regions.region,
        reductions.indicator,
        cast(constants.value as integer) as base_year
    from {{ ref('int_regions') }} as regions
    cross join {{ ref('plan_reductions') }} as reductions
    cross join {{ ref('ref_constants') }} as constants
    where constants.name = 'default_base_year'
    group by regions.region, reductions.indicator, constants.value
),

named as (
    select
        targets.region,
        targets.indicator,
        targets.base_year
    from {{ ref('int_targets') }} as targets
    where
        targets.base_year is not null
        and targets.indicator in (select reductions.indicator from {{ ref('plan_reductions') }} as reductions)
)

select * from usual
union
select * from named
