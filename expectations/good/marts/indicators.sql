select case i when 0 then 'non_fossil_share' when 4 then 'forest_coverage' else 'code_' || i end as code, '指标' || i as name_zh, '%' as unit, 'up' as better, 'computed' as method,
  case i % 9 when 0 then 'energy' when 1 then 'transport' when 2 then 'buildings' when 3 then 'waste' when 4 then 'land'
    when 5 then 'industry' when 6 then 'circular' when 7 then 'governance' else 'innovation' end as domain
from range(74) as codes(i)
