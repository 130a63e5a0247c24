"""What is done while nobody waits: the job runner and one module a kind of job."""
