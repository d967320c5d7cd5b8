"""A terminal in the page: the same `exec` that kubectl has."""
