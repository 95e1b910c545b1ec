-- The fleet's page asks for the newest event of a kind of each board; nothing asks for a board's events of all kinds.
CREATE INDEX events_of_kind ON events (device, kind);
DROP INDEX events_of_device;
-- The retention looks for what is old every hour, while boards wait for the writer.
CREATE INDEX logs_by_age ON logs (received);
CREATE INDEX images_by_age ON images (received);
