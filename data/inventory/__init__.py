"""What there is now: models and their versions, as pages list them."""
