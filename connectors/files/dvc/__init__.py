"""Kind `dvc`."""
