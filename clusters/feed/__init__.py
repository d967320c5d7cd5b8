"""What happens in a cluster, to anybody in this process who asks: one Redis subscription serves them all."""

from clusters.feed.source import Batch, Lagged, subscribe

__all__ = ["Batch", "Lagged", "subscribe"]
