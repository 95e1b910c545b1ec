-- The samples page reads the pictures of one step.
CREATE INDEX images_of_step ON images (run, step);
DROP INDEX images_of_run;
