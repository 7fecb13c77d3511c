{# A model's schema is the folder's own name, the same in every target: readers and the release rely on it. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
