"""What is read of code and of how it changes."""
