"""What a Job and a CronJob's template of one have in common (Kubernetes: JobSpec)."""
