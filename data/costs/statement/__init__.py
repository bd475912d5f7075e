"""The statement of a month: what each team is charged, why the sum is right, and closing it."""
