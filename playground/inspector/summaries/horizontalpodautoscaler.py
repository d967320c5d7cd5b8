"""An autoscaler: what it watches, between which sizes, and what it found last."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.reconcile.conditions import conditions_of
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Ink, Summary, Table, cell, counted
from workloads.kinds.horizontalpodautoscaler import targets


def horizontalpodautoscaler(body: Body, around: Around) -> Summary:
    spec, status = body["spec"], body.get("status") or {}
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 1)
    target = f"{dig(spec, 'scaleTargetRef.kind', '')} {dig(spec, 'scaleTargetRef.name', '')}"
    sized = f"keeps {target} at {least} to {counted(most, 'pod')}"
    says = f"{body['metadata']['name']} {sized}. {targets(body, 0)} (measured/wanted)."
    wanted, has = status.get("desiredReplicas", 0), status.get("currentReplicas", 0)
    return Summary(
        (says,),
        inks=(Ink("Pods", str(wanted), str(has), ""),),
        facts=about(body, around),
        tables=(_conditions(body),),
    )


def _conditions(body: Body) -> Table:
    rows = [(cell(one["type"]), cell(one["status"]), cell(one["message"])) for one in conditions_of(body)]
    return Table("What it found", ("Condition", "Status", "Says"), tuple(rows), empty="It has not looked yet.")
