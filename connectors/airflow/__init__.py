"""Apache Airflow 3: pipelines of data, their runs and tasks, and the assets between them."""
