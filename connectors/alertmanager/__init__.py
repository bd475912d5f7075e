"""What fires now at an Alertmanager, and the difference to when it was last read."""
