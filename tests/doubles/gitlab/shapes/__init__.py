"""How GitLab writes what the world holds, as JSON."""
