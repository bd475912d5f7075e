"""Kind `great_expectations`."""
