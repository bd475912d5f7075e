"""What an auditor looks at of a member, to make the test of a control again: an SQL file a kind."""
