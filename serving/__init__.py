"""What stands all day: Prefect's server and worker, the warm process that runs are forked from, the watch, the site."""
