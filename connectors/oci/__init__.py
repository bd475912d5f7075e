"""Container registries that speak the OCI distribution protocol: images, and how tags moved."""
