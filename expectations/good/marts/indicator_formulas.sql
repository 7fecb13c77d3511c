select case i when 0 then 'non_fossil_share' when 4 then 'forest_coverage' else 'code_' || i end as indicator, 'default' as method, 'quotient' as kind, 100 as scale,
  '100 × 分子 ÷ 分母' as formula_zh, '100 × numerator / denominator' as formula_en, '分子' as numerator_zh
from range(76) as codes(i)
