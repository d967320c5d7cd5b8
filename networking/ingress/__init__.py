"""Ingress controllers: what each of them makes of the Ingresses that are its own (Kubernetes: Ingress controllers)."""
