{# The distinct texts of a group in order, joined by `, `; NULL when there are none. #}
{% macro joined_texts(x, separator=', ') -%}
    {{ return(adapter.dispatch('joined_texts', 'peak')(x, separator)) }}
{%- endmacro %}
{% macro duckdb__joined_texts(x, separator) %}string_agg(distinct {{ x }}, '{{ separator }}' order by {{ x }}){% endmacro %}
{% macro spark__joined_texts(x, separator) -%}
    nullif(array_join(array_sort(collect_set({{ x }})), '{{ separator }}'), '')
{%- endmacro %}
