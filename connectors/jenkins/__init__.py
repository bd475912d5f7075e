"""Builds of Jenkins."""
