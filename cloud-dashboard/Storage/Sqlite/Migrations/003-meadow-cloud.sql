-- part: index of the part when the batch came in parts, each with its own answer and body; -1 when it came whole.
CREATE TABLE batches_in_parts (
    id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, boot INTEGER NOT NULL, seq INTEGER NOT NULL, run INTEGER NOT NULL
  REFERENCES runs,
  time INTEGER NOT NULL, received INTEGER NOT NULL, accepted INTEGER NOT NULL, quarantined INTEGER NOT NULL, answer BLOB, body BLOB,
  part INTEGER NOT NULL, UNIQUE (device, boot, seq, part));
INSERT INTO batches_in_parts
  SELECT id, device, boot, seq, run, time, received, accepted, quarantined, answer, body, -1 FROM batches;
DROP TABLE batches;
ALTER TABLE batches_in_parts RENAME TO batches;
CREATE INDEX batches_of_run ON batches (run);
CREATE INDEX batches_with_body ON batches (received) WHERE body IS NOT NULL;

CREATE TABLE public_keys (
  id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES devices, key BLOB NOT NULL, created INTEGER NOT NULL, revoked INTEGER);
CREATE INDEX public_keys_of_device ON public_keys (device);
