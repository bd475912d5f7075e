"""Unusual cost: what is found, and what people say of it."""
