"""What is read of rules, rights, findings and records."""
