-- Every batch paid for it, and only the deletion of a run used it: the batches of the run's device are few enough to look through.
DROP INDEX batches_of_run;
