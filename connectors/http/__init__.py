"""HTTP for sources that have an API: polite, bounded, and silent about credentials."""
