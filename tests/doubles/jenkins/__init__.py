"""Jenkins on loopback."""
