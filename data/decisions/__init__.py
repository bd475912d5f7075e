"""What people decided: a log that only grows, and what of it counts at a time."""
