"""How GitLab is asked, and what its answers lack."""
