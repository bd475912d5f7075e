"""Kind `kubernetes`."""
