"""Weights & Biases on loopback."""
