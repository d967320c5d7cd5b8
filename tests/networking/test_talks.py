"""Who may talk to whom, by groups: the same as pair by pair."""

from __future__ import annotations

from random import Random

import pytest

from clusters.kinds.body import Body, Key
from networking.policy import open_ports
from networking.talks import Judge, Leave, members

PORTS = [{"name": "http", "containerPort": 8080}]


class Seen:
    def __init__(self, *policies: Body) -> None:
        self.policies = policies

    def get(self, resource: str, key: Key) -> Body | None:
        return {"metadata": {"name": key.name, "labels": {"kubernetes.io/metadata.name": key.name}}}

    def list(self, resource: str, namespace: str | None = None) -> list[Body]:
        found = self.policies if resource == "networkpolicies" else ()
        return [one for one in found if namespace in (None, one["metadata"]["namespace"])]


def pod(name: str, address: str, namespace: str = "default", **labels: str) -> Body:
    spec = {"nodeName": "n", "containers": [{"name": "c", "ports": PORTS if labels.get("app") == "web" else []}]}
    metadata = {"name": name, "namespace": namespace, "uid": name, "labels": labels}
    return {"metadata": metadata, "spec": spec, "status": {"podIP": address, "phase": "Running"}}


def policy(name: str, picks: Body, namespace: str = "default", **spec: object) -> Body:
    types = [side for side in ("Ingress", "Egress") if side.lower() in spec] or ["Ingress"]
    body = {"podSelector": picks, "policyTypes": types, **spec}
    return {"metadata": {"name": name, "namespace": namespace}, "spec": body}


WEB, DB = (
    [pod("web-1", "10.244.1.2", app="web"), pod("web-2", "10.244.1.3", app="web")],
    [pod("db", "10.244.1.4", app="db")],
)


def test_without_policies_everybody_may() -> None:
    assert Judge(Seen()).leave(members(WEB), members(DB)) == Leave(())


def test_who_is_denied_may_not_and_ports_are_named() -> None:
    allow = [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 5432}]}]
    judge = Judge(Seen(policy("db", {"matchLabels": {"app": "db"}}, ingress=allow)))

    assert judge.leave(members(WEB), members(DB)) == Leave(("5432/TCP",))
    assert judge.leave(members([pod("x", "10.244.1.9")]), members(DB)) == Leave(None)


def test_a_group_that_is_not_of_one_mind_is_said_to_be_some() -> None:
    judge = Judge(Seen(policy("deny", {"matchLabels": {"canary": "yes"}})))
    targets = members([*WEB, pod("web-3", "10.244.1.5", app="web", canary="yes")])

    assert judge.leave(members(DB), targets) == Leave((), some=True)


def test_one_pod_alone_does_not_talk_to_itself() -> None:
    assert Judge(Seen()).leave(members(DB), members(DB)) is None


def test_the_world_is_as_many_addresses_as_policies_tell_apart() -> None:
    block = [{"from": [{"ipBlock": {"cidr": "172.17.0.0/16", "except": ["172.17.1.0/24"]}}]}]
    judge = Judge(Seen(policy("web", {"matchLabels": {"app": "web"}}, ingress=block)))

    assert judge.leave(judge.world(), members(WEB)) == Leave((), some=True)
    assert judge.leave(judge.world(), members(DB)) == Leave(())


@pytest.mark.parametrize("seed", range(12))
def test_groups_say_what_pairs_say(seed: int) -> None:
    chance = Random(seed)
    pods = [
        pod(
            f"p{number}",
            f"10.244.1.{number + 2}",
            chance.choice(["default", "other"]),
            app=chance.choice(["web", "db"]),
        )
        for number in range(12)
    ]
    selector: Body = {"matchLabels": {"app": "db"}}
    block: Body = {"ipBlock": {"cidr": f"10.244.1.{chance.randrange(16)}/30"}}
    peers = [[{"podSelector": selector}], [{"namespaceSelector": {}}], [block], []]
    spaces = ("default", "other", "default")
    rules = [[{"from": chance.choice(peers), "ports": chance.choice([[], [{"port": "http"}]])}] for _ in spaces]
    policies = [
        policy(f"p{number}", chance.choice([{}, selector]), space, ingress=rules[number])
        for number, space in enumerate(spaces)
    ]
    seen = Seen(*policies)

    judge = Judge(seen)

    parties = members(pods)
    for source in parties:
        for target in parties:
            if source is not target:
                found = judge.leave([source], [target])
                assert found == Leave(open_ports(seen, source, target))
