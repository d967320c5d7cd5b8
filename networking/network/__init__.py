"""A packet's way: a name, the node's own rules, policies, an address, a port (Kubernetes: the network model)."""
