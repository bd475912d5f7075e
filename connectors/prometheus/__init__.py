"""Alerts, objectives and utilisation from the series of a Prometheus server."""
