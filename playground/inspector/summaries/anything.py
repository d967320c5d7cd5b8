"""What can be said of any object."""

from __future__ import annotations

from clusters.kinds.age import age
from clusters.kinds.body import Body, controller_of, is_deleting, key_of, labels_of
from playground.inspector.around import Around
from playground.inspector.telling import Fact, Ref, Summary, fact

KINDS = "ReplicaSet Deployment StatefulSet DaemonSet ReplicationController Job CronJob Node Service Pod"
OWNERS = {kind: f"{kind.lower()}s" for kind in KINDS.split()}


def anything(body: Body, around: Around) -> Summary:
    key = key_of(body)
    where = f" of namespace {key.namespace}" if key.namespace else ""
    going = " It is being deleted." if is_deleting(body) else ""
    return Summary((f"The {body['kind']} {key.name}{where}.{going}",), facts=about(body, around))


def about(body: Body, around: Around) -> tuple[Fact, ...]:
    """Age, owner and labels, which every kind has."""
    facts = [fact("Age", age(body, around.now))]
    if key_of(body).namespace:
        facts.append(fact("Namespace", Ref("namespaces", "", key_of(body).namespace)))
    owner = owner_ref(body)
    if owner:
        facts.append(fact("Made by", f"{owner[0]} ", owner[1]))
    labels = labels_of(body)
    if labels:
        facts.append(fact("Labels", "\n".join(f"{name}={value}" for name, value in labels.items()), mono=True))
    return tuple(facts)


def owner_ref(body: Body) -> tuple[str, Ref] | None:
    owner = controller_of(body)
    if owner is None or owner["kind"] not in OWNERS:
        return None
    namespace = "" if owner["kind"] == "Node" else key_of(body).namespace
    return owner["kind"], Ref(OWNERS[owner["kind"]], namespace, owner["name"])
