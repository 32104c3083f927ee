/**
 * `trace_no`, `payload_no` and `value_no` are short keys of this file only. Times are nanoseconds since 1970.
 * Every index serves a named need: `traces_by_start` the list, `traces_by_status` a list filtered by status,
 * `traces_by_revision` the feed, `traces_closed` eviction, `spans_by_revision` and `payloads_by_revision` the watch of
 * one trace.
 */
export const INITIAL_SCHEMA = `
CREATE TABLE traces (
  trace_no INTEGER PRIMARY KEY,
  trace_id TEXT NOT NULL UNIQUE,
  created_revision INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  method TEXT,
  target TEXT,
  server_ids TEXT NOT NULL,
  client TEXT,
  services TEXT NOT NULL,
  start_time INTEGER NOT NULL,
  end_time INTEGER,
  status TEXT NOT NULL,
  blocked_by TEXT,
  error_message TEXT,
  span_count INTEGER NOT NULL,
  open_span_count INTEGER NOT NULL,
  error_count INTEGER NOT NULL,
  exception_count INTEGER NOT NULL,
  redaction_count INTEGER NOT NULL,
  payload_count INTEGER NOT NULL,
  payload_bytes INTEGER NOT NULL,
  remote_parent_missing INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX traces_by_start ON traces (start_time);
CREATE INDEX traces_by_status ON traces (status, start_time);
CREATE INDEX traces_by_revision ON traces (revision);
CREATE INDEX traces_closed ON traces (start_time) WHERE open_span_count = 0;

CREATE TABLE spans (
  trace_no INTEGER NOT NULL,
  span_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  start_time INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (trace_no, span_id)
) STRICT;
CREATE INDEX spans_by_revision ON spans (trace_no, revision);

CREATE TABLE payloads (
  payload_no INTEGER PRIMARY KEY,
  trace_no INTEGER NOT NULL,
  span_id TEXT NOT NULL,
  direction TEXT NOT NULL,
  revision INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  original_bytes INTEGER NOT NULL,
  truncated INTEGER NOT NULL,
  finding_count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  findings TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (trace_no, span_id, direction)
) STRICT;
CREATE INDEX payloads_by_revision ON payloads (trace_no, revision);

CREATE TABLE facet_values (
  value_no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (kind, value)
) STRICT;

CREATE TABLE trace_facets (
  trace_no INTEGER NOT NULL,
  value_no INTEGER NOT NULL,
  PRIMARY KEY (trace_no, value_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE store_totals (
  id INTEGER PRIMARY KEY,
  traces INTEGER NOT NULL,
  spans INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  last_trace_no INTEGER NOT NULL,
  evicted_traces INTEGER NOT NULL
) STRICT;
`;
