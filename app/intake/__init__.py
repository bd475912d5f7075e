"""The intake of events: what other systems post to the running server."""
