"""What all controllers that keep pods do alike: whose a pod is, what it is made of (Kubernetes: pkg/controller)."""
