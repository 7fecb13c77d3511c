-- Version 2: readings made again, rows left out, vintages, sign-offs and backfills. Nothing of version 1 is rewritten.
alter table delivery_scopes add column is_partial integer not null default 0;
alter table delivery_files add column reparse_id integer not null default 0;
alter table releases add column last_reparse integer not null default 0;
alter table releases add column last_sign_off integer not null default 0;

-- The bytes of an acceptance read again under another contract. It keeps the acceptance's place in the order.
create table reparses (
  id integer primary key autoincrement,
  seq integer not null references deliveries,
  delivery_id text not null,
  contract_version text,
  contract_sha256 text not null,
  row_count integer not null,
  run_id text,
  who text not null,
  why text not null,
  at text not null
);
create index reparses_by_seq on reparses (seq, id);

create table reparse_scopes (
  reparse_id integer not null references reparses,
  scope text not null,
  row_count integer not null,
  is_empty integer not null,
  is_partial integer not null,
  period_start text,
  period_end text,
  member text,
  primary key (reparse_id, scope)
) without rowid;

-- Rows of the file that an acceptance leaves out. `sheet` is null for formats without sheets.
create table excluded_rows (
  id integer primary key autoincrement,
  seq integer not null references deliveries,
  sheet text,
  row integer not null,
  why text not null,
  who text not null
);
create index excluded_rows_by_seq on excluded_rows (seq);

-- release.json of every release without its partitions: what remains of a release when its files are pruned.
create table release_manifests (
  release_id text primary key references releases (release_id),
  manifest text not null
);

-- Every value ever published: a row when the value of a cell, or whether it is complete, changed with a release.
create table revisions (
  id integer primary key autoincrement,
  release_id text not null references releases (release_id),
  region text not null,
  indicator text not null,
  method text not null,
  base_year integer,
  period_type text not null,
  period_start text not null,
  period_end text not null,
  value text,
  previous_value text,
  unit text,
  is_complete integer,
  cause text not null check (cause in
    ('new_data', 'revised_data', 'changed_parameter', 'changed_method', 'changed_target', 'correction')),
  cause_detail text not null,
  deliveries text not null
);
create index revisions_by_cell on revisions (indicator, region, method, base_year, period_type, period_start, id);
create index revisions_by_release on revisions (release_id);

create table citations (
  id integer primary key autoincrement,
  release_id text not null references releases (release_id),
  who text not null,
  why text not null,
  at text not null
);

create table prunes (
  id integer primary key autoincrement,
  release_id text not null references releases (release_id),
  who text not null,
  at text not null
);

-- A region's assessment of a year, signed once; the values are as the release it cites showed them.
create table sign_offs (
  id integer primary key autoincrement,
  region text not null,
  year integer not null,
  release_id text not null references releases (release_id),
  signed_by text not null,
  why text not null,
  at text not null,
  unique (region, year)
);

create table assessed_values (
  id integer primary key autoincrement,
  sign_off_id integer not null references sign_offs,
  indicator text not null,
  level text,
  target_year integer,
  value text,
  status text,
  unique (sign_off_id, indicator, level, target_year)
);

-- Backfills that were begun; `scopes` are the regions and scopes of their plan.
create table backfills (
  id integer primary key autoincrement,
  run_id text,
  feed text not null,
  region text,
  period_from text,
  period_to text,
  who text not null,
  why text not null,
  scopes text not null,
  at text not null
);
