"""What pages ask of costs: one SQL file a question, over the roll-ups of a snapshot."""
