"""What the answers of any API need: times, what is private, what is not as it should be, a page."""
