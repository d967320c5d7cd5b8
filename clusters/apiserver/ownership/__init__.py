"""Who set which field (Kubernetes: managedFields, server-side apply). Pure."""
