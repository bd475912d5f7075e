"""What is read of pipelines and their runs."""
