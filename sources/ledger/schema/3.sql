-- Version 3: a gate result says what it is about and which rows offend. Nothing of the versions before is rewritten.
alter table gate_results add column region text;
alter table gate_results add column feed text;
alter table gate_results add column sheet text;
alter table gate_results add column offending_rows text not null default '[]';
alter table gate_results add column domains text not null default '[]';
alter table gate_results add column deliveries text not null default '[]';
