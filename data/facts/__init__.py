"""Facts: one row per thing that happened, ready to measure. Each is one SELECT in a file."""
