"""The kubelets and the machines they live on: what a pod's wish becomes on a node."""
