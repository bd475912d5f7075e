"""What sources that are asked through an API have in common."""
