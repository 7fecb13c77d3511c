{#
  The rules of one model in one query, as a node of the graph costs the same however little it asks: no two rows share
  `key` (NULL counts as a value), no column of `filled` is missing, and no row makes a condition of `held` false (NULL
  counts as held). Gives one row per broken rule, with how often it is broken.
#}
{% test sound(model, key=[], filled=[], held=[]) %}
    {{ config(fail_calc='coalesce(sum(occurrences), 0)') }}
    {{ broken_rules(model, key, filled, held) }}
{% endtest %}
