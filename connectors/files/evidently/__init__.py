"""Kind `evidently`."""
