"""Metrics: each defined once in a YAML file, evaluated by one engine for every face of Cairn."""
