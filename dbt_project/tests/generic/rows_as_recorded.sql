{#
  On the winning scopes: each feed of `feeds` (name: relation) has, in every scope, as many rows as its delivery was
  recorded with. The reader proves that no two rows of a scope share their key, so this also proves the key of every
  staging model: no row was lost on the way and none came twice.
#}
{% test rows_as_recorded(model, feeds) %}
with staged as (
    {%- for feed, relation in feeds.items() %}
    select '{{ feed }}' as feed, region, scope, delivery_id, count(*) as row_count
    from {{ relation }}
    group by region, scope, delivery_id
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

recorded as (
    select feed, region, scope, delivery_id, row_count
    from {{ model }}
    where row_count > 0 and feed in ({% for feed in feeds %}'{{ feed }}'{{ ', ' if not loop.last }}{% endfor %})
)

select
    coalesce(s.feed, r.feed) as feed,
    coalesce(s.region, r.region) as region,
    coalesce(s.scope, r.scope) as scope,
    r.row_count as recorded,
    s.row_count as found
from staged as s
full outer join recorded as r
    on s.feed = r.feed and s.region = r.region and s.scope = r.scope and s.delivery_id = r.delivery_id
where coalesce(s.row_count, 0) <> coalesce(r.row_count, 0)
{% endtest %}
