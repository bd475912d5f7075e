"""Deployments by Argo CD."""
