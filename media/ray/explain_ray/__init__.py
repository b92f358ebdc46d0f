"""What a job does on the cluster, one purpose a file; `job` puts it together."""
