"""The `events` source: what other systems send to the server, read from its inbox."""
