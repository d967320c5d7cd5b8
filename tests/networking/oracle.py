"""What a request must come to, worked out slowly from the specification alone: it shares no code with networking.

Sources: Kubernetes' documentation of Services, EndpointSlices and NetworkPolicies.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Any

Body = dict[str, Any]


class World:
    """The plain objects: nodes {"name", "ip", "zone"}, pods {"name", "namespace", "labels", "ip", "node", "ports"}."""

    def __init__(
        self, nodes: list[Body], pods: list[Body], services: list[Body], slices: list[Body], **more: Any
    ) -> None:
        self.nodes, self.pods, self.services, self.slices = nodes, pods, services, slices
        self.policies: list[Body] = more["policies"]
        self.namespaces: dict[str, Body] = more["namespaces"]  # name -> labels

    def node(self, name: str) -> Body:
        return next(one for one in self.nodes if one["name"] == name)

    # the whole of it

    def fates(self, source: Body | None, host: str, port: int) -> set[str]:
        """Everything that may become of a TCP request: "pod/NAME", "refused", "dropped"."""
        machine = next((one for one in self.nodes if one["ip"] == host), None)
        is_away = bool(source and machine and machine["name"] != source["node"])
        if source and is_away and not self.side(source, "Egress", None, host, None, port):
            return {"dropped"}
        found = set()
        for pod, at, client in self.places(source, host, port, machine):
            if isinstance(pod, str):
                found.add(pod)
            elif not self.may_talk(source, client, pod, at, is_away):
                found.add("dropped")
            else:
                found.add(f"pod/{pod['name']}" if at in pod["ports"] else "refused")
        return found

    def places(self, source: Body | None, host: str, port: int, machine: Body | None) -> list[Any]:
        """(pod or fate, port, the client's address as the pod sees it) for each way that it may take."""
        own = source["ip"] if source else "192.168.49.1"
        for service in self.services:
            spec = service["spec"]
            for wanted in spec["ports"]:
                if source and spec["clusterIP"] == host and wanted["port"] == port:
                    local = spec.get("internalTrafficPolicy") == "Local"
                    return self.spread(service, wanted, source["node"], local, own)
                if machine and wanted.get("nodePort") == port:
                    is_local = spec.get("externalTrafficPolicy") == "Local"
                    client = own if is_local else machine["ip"]
                    return self.spread(service, wanted, machine["name"], is_local and source is None, client)
        if source:
            for pod in self.pods:
                if pod["ip"] == host:
                    return [(pod, port, own)]
        return [("refused", 0, "")] if machine else [("dropped", 0, "")]

    def spread(self, service: Body, wanted: Body, node: str, local: bool, client: str) -> list[Any]:
        """The endpoints among which the node's proxy chooses."""
        everything = self.endpoints(service, wanted["name"])
        usable = [one for one in everything if one["ready"] or (one["serving"] and one["terminating"])]
        if not usable:
            return [("refused", 0, "")]
        there = [one for one in usable if one["node"] == node] if local else usable
        if not there:
            return [("dropped", 0, "")]
        ready = [one for one in there if one["ready"]]
        chosen = ready or there
        if ready and not local:
            chosen = self.near(ready, node)
        return [(self.pod_at(one["ip"]), one["port"], client) for one in chosen]

    def near(self, ready: list[Body], node: str) -> list[Body]:
        zone = self.node(node)["zone"]
        if all(one["for_nodes"] for one in ready) and [one for one in ready if node in one["for_nodes"]]:
            return [one for one in ready if node in one["for_nodes"]]
        if zone and all(one["for_zones"] for one in ready):
            return [one for one in ready if zone in one["for_zones"]] or ready
        return ready

    def endpoints(self, service: Body, port_name: str) -> list[Body]:
        found: dict[str, Body] = {}
        for slice_ in self.slices:
            labels = slice_["metadata"]["labels"]
            if slice_["metadata"]["namespace"] != service["metadata"]["namespace"]:
                continue
            if labels["kubernetes.io/service-name"] != service["metadata"]["name"]:
                continue
            for port in slice_["ports"]:
                if port["name"] != port_name:
                    continue
                for endpoint in slice_["endpoints"]:
                    conditions = endpoint["conditions"]
                    ready = conditions.get("ready") is not False
                    made = {
                        "ip": endpoint["addresses"][0],
                        "port": port["port"],
                        "node": endpoint["nodeName"],
                        "ready": ready,
                        "serving": conditions.get("serving", ready),
                        "terminating": bool(conditions.get("terminating")),
                        "for_zones": [one["name"] for one in endpoint.get("hints", {}).get("forZones", [])],
                        "for_nodes": [one["name"] for one in endpoint.get("hints", {}).get("forNodes", [])],
                    }
                    key = f"{made['ip']}:{made['port']}"
                    if key not in found or ready:
                        found[key] = made
        return list(found.values())

    def pod_at(self, address: str) -> Body:
        return next(one for one in self.pods if one["ip"] == address)

    # policies

    def may_talk(self, source: Body | None, client: str, target: Body, port: int, is_away: bool) -> bool:
        if source is not None and client == source["ip"] == target["ip"]:
            return True
        is_itself = source is not None and source["ip"] == target["ip"]
        asks = source is not None and not is_away and not is_itself
        if source is not None and asks and not self.side(source, "Egress", target, target["ip"], target, port):
            return False
        if client == self.node(target["node"])["ip"]:
            return True
        known = source if source is not None and client == source["ip"] else None
        return self.side(target, "Ingress", known, client, target, port)

    def side(
        self, own: Body, direction: str, other: Body | None, address: str, listener: Body | None, port: int
    ) -> bool:
        picked = [
            one
            for one in self.policies
            if one["metadata"]["namespace"] == own["namespace"]
            and direction in one["spec"]["policyTypes"]
            and self.selects(one["spec"]["podSelector"], own["labels"])
        ]
        if not picked:
            return True
        for policy in picked:
            for rule in policy["spec"].get(direction.lower(), []):
                peers = rule.get("from" if direction == "Ingress" else "to", [])
                is_peer = not peers or any(self.peer(policy, one, other, address) for one in peers)
                ports = rule.get("ports", [])
                is_port = not ports or any(self.port(one, listener, port) for one in ports)
                if is_peer and is_port:
                    return True
        return False

    def peer(self, policy: Body, peer: Body, other: Body | None, address: str) -> bool:
        if "ipBlock" in peer:
            inside = ip_address(address) in ip_network(peer["ipBlock"]["cidr"])
            return inside and not any(
                ip_address(address) in ip_network(one) for one in peer["ipBlock"].get("except", [])
            )
        if other is None:
            return False
        if "namespaceSelector" in peer:
            fits = self.selects(peer["namespaceSelector"], self.namespaces[other["namespace"]])
        else:
            fits = other["namespace"] == policy["metadata"]["namespace"]
        return fits and ("podSelector" not in peer or self.selects(peer["podSelector"], other["labels"]))

    @staticmethod
    def port(wanted: Body, listener: Body | None, port: int) -> bool:
        if wanted.get("protocol", "TCP") != "TCP":
            return False
        if "port" not in wanted:
            return True
        if isinstance(wanted["port"], str):
            return listener is not None and bool(listener["named"].get(wanted["port"]) == port)
        first = int(wanted["port"])
        return first <= port <= int(wanted.get("endPort") or first)

    @staticmethod
    def selects(selector: Body, labels: Body) -> bool:
        return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
