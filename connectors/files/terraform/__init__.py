"""Kind `terraform`."""
