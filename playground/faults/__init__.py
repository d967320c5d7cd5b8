"""Faults from the page: each is an object of the cluster's API."""
