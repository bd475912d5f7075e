"""Exports of providers in forms of their own, and what in them is which column of FOCUS."""
