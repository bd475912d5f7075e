"""What is kept: the archive, the working database, the published snapshots."""
