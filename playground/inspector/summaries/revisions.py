"""The templates that an object had, newest first (Kubernetes: ControllerRevision)."""

from __future__ import annotations

from clusters.kinds.age import age
from clusters.kinds.body import Body, controller_of, dig, key_of, uid_of
from playground.inspector.around import Around
from playground.inspector.telling import Table, cell, linked

KIND = "controllerrevisions"


def revisions_table(body: Body, around: Around) -> Table:
    known = around.list(KIND, key_of(body).namespace)
    own = [one for one in known if (controller_of(one) or {}).get("uid") == uid_of(body)]
    rows = [
        (
            linked(KIND, key_of(one).namespace, key_of(one).name),
            cell(one["revision"]),
            cell(", ".join(c.get("image", "") for c in dig(one, "data.spec.template.spec.containers", ()))),
            cell(age(one, around.now)),
        )
        for one in sorted(own, key=lambda one: -int(one["revision"]))
    ]
    return Table("Revisions", ("Name", "Revision", "Image", "Age"), tuple(rows), empty="It has none yet.")
