-- One row per indicator and method: its formula in words, and the named terms of its numerator and denominator.
select
    indicator,
    method,
    kind,
    formula_zh,
    formula_en,
    intensity_zh,
    intensity_en,
    numerator_zh,
    numerator_en,
    numerator_unit,
    numerator_terms,
    denominator_zh,
    denominator_en,
    denominator_unit,
    denominator_terms,
    scale
from {{ ref('plan_formulas') }}
