"""What is handed over: what controls came to, in the formats that others read."""
