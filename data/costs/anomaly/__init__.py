"""Unusual cost: found by median and deviation, known again by its id, and decided on."""
