"""The way in: a cluster of one's own, its links, and who may do what."""
