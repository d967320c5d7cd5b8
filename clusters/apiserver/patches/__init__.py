"""The ways to patch an object: one file for each media type, all pure."""
