"""Costs: bills as they came, whose each charge is, and proof that nothing is lost between."""
