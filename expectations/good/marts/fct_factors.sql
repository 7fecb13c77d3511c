select case when i < 4 then 'assessment' else 'constants' end as factor_set, 'item_' || i as item, 1 + i as value
from range(50) as items(i)
