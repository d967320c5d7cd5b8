"""Manifests to begin with, each a lesson of one screen."""
