select * from (values
  (date '2024-03-01', '甲充电', 'S1', 'P1', timestamp '2024-03-01 08:00:00', timestamp '2024-03-01 08:40:00', cast(35.5 as decimal(24, 9))),
  (date '2024-03-01', '甲充电', 'S2', 'P1', timestamp '2024-03-01 09:10:00', timestamp '2024-03-01 10:10:00', cast(48 as decimal(24, 9))),
  (date '2024-03-01', '乙充电', 'S1', 'P9', timestamp '2024-03-01 21:00:00', timestamp '2024-03-02 06:00:00', cast(42 as decimal(24, 9)))
) as shown(day, operator, session_id, pile_id, started_at, ended_at, kwh)
union all
select date '2024-03-01', '甲充电', 'S1' || lpad(cast(i as varchar), 3, '0'), 'Q' || cast(i as varchar),
  timestamp '2024-03-01 07:00:00' + interval 10 minute * i, timestamp '2024-03-01 07:45:00' + interval 10 minute * i,
  cast(20 + i % 5 as decimal(24, 9))
from range(60) as more(i)
