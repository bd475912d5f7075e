"""Parts of the pages about cost."""
