"""Argo CD on loopback."""
