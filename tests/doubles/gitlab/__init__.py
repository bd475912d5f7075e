"""A stateful double of GitLab: REST and GraphQL over one world that tests write to."""
