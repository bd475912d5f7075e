"""The formats of events: how each is known to be genuine, which one it is, and what it tells."""
