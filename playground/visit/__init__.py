"""From the outside, for real: a page of a pod in the cluster, by the way that a request takes there."""
