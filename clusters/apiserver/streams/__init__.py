"""Streams between clients and containers: exec, attach, port-forward (Kubernetes: streaming subresources)."""
