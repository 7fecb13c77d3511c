select case when i < 4 then 'assessment' else 'constants' end as factor_set, 'item_' || i as item, 0.5 * i as value
from range(50) as items(i)
union all
select * from (values ('tce', 'raw_coal', 0.7143), ('ndrc', 'raw_coal', 1.9), ('waste_recovery', 'landfill', 0)) as set_values(factor_set, item, value)
