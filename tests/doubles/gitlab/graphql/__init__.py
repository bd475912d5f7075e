"""GraphQL over the world: the part of GitLab's schema that questions of this project use."""
