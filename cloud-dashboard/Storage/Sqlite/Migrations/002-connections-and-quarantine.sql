CREATE TABLE connections (
  id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, time INTEGER NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL);
CREATE INDEX connections_of_device ON connections (device);

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY, device TEXT, time INTEGER NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, body BLOB NOT NULL);
