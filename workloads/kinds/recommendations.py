"""What the autoscaler remembers of one HorizontalPodAutoscaler: sizes it wanted and took. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

RECOMMENDATIONS = Kind("machine.podium.dev/v1", "Recommendations", "recommendations", served=False)
