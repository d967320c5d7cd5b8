"""Manifests written on the page and applied document by document."""
