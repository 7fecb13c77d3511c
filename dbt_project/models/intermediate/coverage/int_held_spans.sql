-- One row per region, feed and scope for which a delivery on hold would speak, with the year that it serves.
select
    scopes.region,
    scopes.feed,
    scopes.period_start,
    feeds.serves,
    feeds.serves in ('register', 'dates') as is_register,
    case
        when feeds.serves in ('register', 'dates') then {{ register_year('scopes.period_start') }}
        else {{ year_of('scopes.period_start') }}
    end as served_year,
    -- only where a scope serves one
    case when scopes.feed = 'reported_indicators' then split_part(scopes.scope, '|', 2) end as indicator
from {{ ref('stg_held_scopes') }} as scopes
inner join {{ ref('ref_feeds') }} as feeds on scopes.feed = feeds.feed
