"""The source `mlflow`: a model registry and its training runs, also GitLab's compatible one."""
