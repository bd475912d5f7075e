"""The `gitlab` source: a group's projects, changes, deployments and pipelines."""
