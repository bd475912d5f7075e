"""The `github` source: an organisation's repositories, changes, deployments and rules."""
