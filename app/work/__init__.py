"""Long work: what is done in batches by a worker, with progress that people see and can stop."""
