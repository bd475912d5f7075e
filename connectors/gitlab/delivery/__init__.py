"""What is read of deployments, versions and incidents."""
