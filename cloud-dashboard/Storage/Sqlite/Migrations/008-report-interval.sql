-- Milliseconds between reports, by which a board that reports seldom is not offline each time; 0 when not known yet.
ALTER TABLE devices ADD COLUMN interval INTEGER NOT NULL DEFAULT 0;
