"""Rates of exchange: dated, from a file with their source; a sum has all of them or is not told."""
