"""The doors that open by themselves: RQ jobs and periodic work. A job loads, calls one verb, commits."""
