-- Version 4: what was fetched from servers. Nothing of the versions before is rewritten.
-- A row without a source is a whole try of a server: `ended` or `failed`. A row with one is a file that was received:
-- `fetched` into the inbox, or the `same` bytes as before under a new sign.
create table fetches (
  id integer primary key autoincrement,
  region text not null,
  feed text not null,
  server text not null,
  source text,
  result text not null check (result in ('fetched', 'same', 'ended', 'failed')),
  etag text,
  modified text,
  size_bytes integer,
  sha256 text,
  file_name text,
  detail text,
  at text not null
);
create index fetches_by_server on fetches (region, feed, server, source, id);
