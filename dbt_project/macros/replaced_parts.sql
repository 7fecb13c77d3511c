{#
  Large feeds are kept up scope by scope: a build takes up only the scopes of `stg_changed_scopes`. One engine replaces
  exactly those; the other overwrites whole partitions, so there every scope of a changed region and day is taken up.
#}

{# Whether a row belongs to what is replaced; both are aliases, `changed` of `stg_changed_scopes`. #}
{% macro is_replaced(row, changed) %}{{ return(adapter.dispatch('is_replaced', 'peak')(row, changed)) }}{% endmacro %}
{% macro duckdb__is_replaced(row, changed) -%}
    {{ row }}.region = {{ changed }}.region and {{ row }}.scope = {{ changed }}.scope
{%- endmacro %}
{% macro spark__is_replaced(row, changed) -%}
    {{ row }}.region = {{ changed }}.region and {{ row }}.day = {{ changed }}.period_start
{%- endmacro %}

{#
  Remove the changed scopes of a feed from this model before their rows are put in: a scope without rows (delivered
  empty, or held back) would otherwise keep the rows it had.
#}
{% macro forget_changed_scopes(feed) %}
    {%- if is_incremental() %}{{ return(adapter.dispatch('forget_changed_scopes', 'peak')(feed)) }}{% endif -%}
{% endmacro %}
{% macro duckdb__forget_changed_scopes(feed) -%}
    delete from {{ this }} where (region, scope) in (
        select (region, scope) from {{ ref('stg_changed_scopes') }} where feed = '{{ feed }}'
    )
{%- endmacro %}
{% macro spark__forget_changed_scopes(feed) -%}
    {%- set changed = ref('stg_changed_scopes') -%}
    {%- set parts = run_query("select distinct region, period_start from " ~ changed ~ " where feed = '" ~ feed ~ "'") -%}
    {%- if parts.rows -%}
    alter table {{ this }} drop if exists
        {% for part in parts.rows %}partition (region = '{{ part[0] }}', day = date '{{ part[1] }}'){{ ', ' if not loop.last }}{% endfor %}
    {%- endif -%}
{%- endmacro %}
