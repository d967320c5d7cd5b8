"""Names: what a pod's resolver asks, and what CoreDNS answers (Kubernetes: DNS for Services and Pods)."""
