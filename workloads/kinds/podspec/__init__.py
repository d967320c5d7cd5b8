"""The specification of pods, wherever it stands: in a Pod or in a template (Kubernetes: PodSpec)."""
