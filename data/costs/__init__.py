"""Costs: bills as they came, to whom each charge belongs, and proof that nothing is lost between."""
