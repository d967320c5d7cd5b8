"""kube-proxy on every node: Services as rules, when each node has them, and where they lead."""
