"""Where evidence comes from: one source a module."""
