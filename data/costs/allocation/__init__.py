"""Allocation: whose each charge is, by rules that are data, so that not a digit is lost."""
