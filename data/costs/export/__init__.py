"""Allocated charges for other systems, in the form of FOCUS."""
