"""How far the data can be trusted: what was read when, what is missing, what nobody owns."""
