"""What the clients of all Traffic have in hand, and what was seen of each one's requests lately. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

CROWD = Kind("machine.podium.dev/v1", "Crowd", "crowds", served=False)
"""One for the whole cluster: {"at", "queues": {pod's uid: requests that wait}, "spent", "traffic": {uid: counts}}."""

SIGHTING = Kind("machine.podium.dev/v1", "Sighting", "sightings", served=False)
"""One of each Traffic's own name, once a second: {"uid", "second", "points", "flows", "routes", "traces"}."""
