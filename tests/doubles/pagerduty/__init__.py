"""PagerDuty on loopback."""
