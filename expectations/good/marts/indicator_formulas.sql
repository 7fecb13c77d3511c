select 'indicator_' || i as indicator, 'default' as method, 'quotient' as kind, 100 as scale,
  '100 × 分子 ÷ 分母' as formula_zh, '100 × numerator / denominator' as formula_en, '分子' as numerator_zh
from range(76) as codes(i)
