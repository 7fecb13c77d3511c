-- The ledger: what happened, in order. Rows are only ever added; the triggers that store.py makes see to it.
create table if not exists deliveries (
  seq integer primary key autoincrement,
  delivery_id text not null,
  region text not null,
  feed text not null,
  file_name text not null,
  sha256 text not null,
  size_bytes integer not null,
  format text,
  encoding text,
  received_at text not null,
  status text not null check (status in ('accepted', 'quarantined', 'duplicate')),
  reason text,
  row_count integer,
  contract_version text,
  contract_sha256 text,
  run_id text,
  identity text
);
create unique index if not exists one_acceptance on deliveries (delivery_id) where status = 'accepted';
create index if not exists deliveries_by_id on deliveries (delivery_id, seq);

create table if not exists delivery_scopes (
  seq integer not null references deliveries,
  scope text not null,
  row_count integer not null,
  is_empty integer not null,
  period_start text,
  period_end text,
  member text,
  primary key (seq, scope)
) without rowid;

-- The Parquet file of an accepted delivery; the newest row counts (a rebuilt file may differ in bytes, never in rows).
create table if not exists delivery_files (
  id integer primary key autoincrement,
  delivery_id text not null,
  sha256 text not null,
  size_bytes integer not null,
  written_at text not null,
  reason text not null
);

create table if not exists holds (
  id integer primary key autoincrement,
  delivery_id text not null,
  action text not null check (action in ('hold', 'release')),
  who text not null,
  why text not null,
  waived_check text,
  run_id text,
  at text not null
);

create table if not exists run_events (
  id integer primary key autoincrement,
  run_id text not null,
  event text not null check (event in ('started', 'ended')),
  at text not null,
  process text not null,
  details text not null
);

create table if not exists gate_results (
  id integer primary key autoincrement,
  run_id text,
  at text not null,
  gate text not null,
  subject text not null,
  suite text not null,
  check_name text not null,
  severity text not null,
  status text not null,
  column_name text,
  observed text,
  unexpected_count integer,
  row_count integer,
  examples text not null,
  why_zh text,
  why_en text
);

create table if not exists releases (
  id integer primary key autoincrement,
  release_id text not null unique,
  run_id text,
  published_at text not null,
  as_of text not null,
  content_sha256 text not null,
  last_seq integer not null,
  last_hold integer not null
);

create table if not exists switches (
  id integer primary key autoincrement,
  release_id text not null,
  previous_release_id text,
  action text not null check (action in ('publish', 'rollback')),
  who text not null,
  why text not null,
  at text not null
);
