"""One cluster, and the platform under it."""
