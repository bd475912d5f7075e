"""The `git` source: commits, changes and versions of a repository, read without running it."""
