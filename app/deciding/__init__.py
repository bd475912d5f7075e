"""Deciding: what the command line and the pages do alike when somebody decides something."""
