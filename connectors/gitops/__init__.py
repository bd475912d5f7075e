"""The `gitops` source: a configuration repository whose commits say what runs where."""
