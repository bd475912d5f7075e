"""The statement of a month for readers: one page says why the sum is right, others what it is."""
