"""Incidents and alerts of PagerDuty."""
