"""The model registry of Kubeflow on loopback."""
