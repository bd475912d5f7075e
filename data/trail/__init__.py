"""The audit trail: what sources told, people decided and Cairn did, as entries of one log."""
