"""Sources that are files: results and inventories that other tools leave in a folder or in Git."""
