"""What sources that host Git repositories have in common."""
