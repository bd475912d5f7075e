"""Kubeflow model registry."""
