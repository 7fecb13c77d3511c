-- One row per region, feed and period that was delivered in part: how many scopes of it rows were left out of.
with scopes as (
    select region, feed, scope, period_start from {{ ref('stg_winning_scopes') }}
    where is_partial
),

two_months as (
    -- what a February form of two months lacks, January lacks as well
    select scopes.region, scopes.feed, scopes.scope, cast(date_trunc('year', scopes.period_start) as date) as period_start
    from scopes
    inner join {{ ref('stg_energy_enterprise') }} as forms on scopes.region = forms.region and scopes.scope = forms.scope
    where scopes.feed = 'energy_enterprise' and forms.months = 2
),

lacking as (
    select * from scopes
    union
    select * from two_months
)

select
    region,
    feed,
    period_start,
    count(*) as partial_scopes
from lacking
group by region, feed, period_start
