"""A double of an MLflow server, held against the real one by `tests/servers/mlflow.py`."""
