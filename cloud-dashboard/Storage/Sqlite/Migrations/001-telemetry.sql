CREATE TABLE devices (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT NOT NULL DEFAULT '', registered INTEGER NOT NULL, seen INTEGER NOT NULL
  DEFAULT 0,
  app TEXT NOT NULL DEFAULT '', boot INTEGER NOT NULL DEFAULT 0, run INTEGER);

CREATE TABLE keys (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, hash BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL, created INTEGER NOT
  NULL, revoked INTEGER);
CREATE INDEX keys_of_device ON keys (device);

-- A deleted run keeps its row, so that what its device still sends finds it.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, name TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', notes TEXT NOT
  NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '', settings TEXT, app TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, step INTEGER NOT NULL
  DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0, UNIQUE (device, name));

-- layer -1 is the whole network. state: SeriesState.
CREATE TABLE series (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, layer INTEGER NOT NULL, name TEXT NOT NULL, state BLOB NOT NULL, UNIQUE
  (run, layer, name));

-- level 0: points; 1 to 3: roll-ups of 16, 256, 4096. data: EntryCodec.
CREATE TABLE chunks (
    series INTEGER NOT NULL REFERENCES series, level INTEGER NOT NULL, number INTEGER NOT NULL, first INTEGER NOT NULL, points INTEGER NOT
  NULL,
    entries INTEGER NOT NULL, step_min INTEGER NOT NULL, step_max INTEGER NOT NULL, time_min INTEGER NOT NULL, time_max INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (series, level, number)) WITHOUT ROWID;

-- body: the JSON as received, deflated; null once the retention is over. answer: null when it brought no commands.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, boot INTEGER NOT NULL, seq INTEGER NOT NULL, run INTEGER NOT NULL
  REFERENCES runs,
  time INTEGER NOT NULL, received INTEGER NOT NULL, accepted INTEGER NOT NULL, quarantined INTEGER NOT NULL, answer BLOB, body BLOB,
  UNIQUE (device, boot, seq));
CREATE INDEX batches_of_run ON batches (run);
CREATE INDEX batches_with_body ON batches (received) WHERE body IS NOT NULL;

CREATE TABLE events (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, run INTEGER NOT NULL REFERENCES runs, received INTEGER NOT NULL,
  time INTEGER NOT NULL,
  step INTEGER NOT NULL, kind TEXT NOT NULL, level INTEGER NOT NULL, text TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX events_of_run ON events (run);
CREATE INDEX events_of_device ON events (device);

CREATE TABLE logs (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, run INTEGER NOT NULL REFERENCES runs, received INTEGER NOT NULL,
  time INTEGER NOT NULL,
  level INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX logs_of_device ON logs (device);
CREATE INDEX logs_of_run ON logs (run);

CREATE TABLE images (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, received INTEGER NOT NULL, time INTEGER NOT NULL, step INTEGER NOT NULL,
  layer INTEGER,
    kind TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, input BLOB NOT NULL, output BLOB NOT NULL, label INTEGER, predicted
  INTEGER);
CREATE INDEX images_of_run ON images (run);

-- state: CommandState. number gives the order, id is what the device sees.
CREATE TABLE commands (
    number INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, id TEXT NOT NULL, name TEXT NOT NULL, args TEXT NOT NULL,
  expires INTEGER NOT NULL,
  state INTEGER NOT NULL, created INTEGER NOT NULL, sent INTEGER, closed INTEGER, answer TEXT NOT NULL DEFAULT '', UNIQUE (device, id));
CREATE INDEX commands_open ON commands (device) WHERE state < 2;

-- applied: the last batch whose points are all in chunks; later ones are made again from their bodies.
CREATE TABLE progress (applied INTEGER NOT NULL);
INSERT INTO progress VALUES (0);
