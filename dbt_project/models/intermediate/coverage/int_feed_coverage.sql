-- One row per region, feed and period: whether the feed is complete in it, and which register serves.
select * from {{ ref('int_window_coverage') }}
union all
select * from {{ ref('int_yearly_coverage') }}
union all
select * from {{ ref('int_stock_coverage') }}
