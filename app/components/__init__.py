"""What pages are made of: one idea a module."""
