"""Questions that a student asks after smaller mishaps: configuration, budgets, schedules, what waits inside a pod."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, put
from playground.reasons.questions import answers
from tests.playground.reasons.simevidence import SimEvidence, lines, why
from tests.sim import Sim, deployment, pod


def configured(sim: Sim, **container: Any) -> list[str]:
    sim.apply(pod("web", **container)).run(10)
    return lines(why(sim, "pods", sim.get("pods", "web"), "config"))


def config_map(name: str, **data: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_a_config_map_that_is_not_there_is_named_with_the_one_that_was_meant() -> None:
    sim = Sim(nodes=1).apply(config_map("settings"))

    chain = configured(sim, envFrom=[{"configMapRef": {"name": "setings"}}])

    assert chain == [
        'The kubelet cannot make web: configmap "setings" not found.',
        "There is no ConfigMap setings in default; there is settings.",
        "test made pod web",
    ]


def test_a_key_that_is_not_there_is_told_with_those_that_are() -> None:
    sim = Sim(nodes=1).apply(config_map("settings", colour="red"))
    source = {"configMapKeyRef": {"name": "settings", "key": "color"}}

    chain = configured(sim, env=[{"name": "A", "valueFrom": source}])

    assert chain[1] == "ConfigMap settings has no key color; it holds colour."


def test_what_cannot_be_made_does_not_count_as_crashing() -> None:
    sim = Sim(nodes=1).apply(pod("web", envFrom=[{"configMapRef": {"name": "gone"}}])).run(10)

    found = answers("pods", sim.get("pods", "web"), SimEvidence(sim))

    assert [one.slug for one in found if one.urgent] == ["config"]


def test_an_init_container_that_never_ends_is_named_with_its_last_words() -> None:
    waits = {"name": "wait", "image": "busybox:1.37", "command": ["sh", "-c", "echo no database yet; sleep 3600"]}
    sim = Sim(nodes=1).apply(pod("web", spec={"initContainers": [waits]})).run(15)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "starting"))

    assert chain[0] == "The init container wait has to end first; the last that it wrote is no database yet"


def test_a_finalizer_alone_holds_a_pod_whose_processes_have_ended() -> None:
    held = put(pod("web", spec={"terminationGracePeriodSeconds": 1}), "metadata.finalizers", ["example.com/keep"])
    sim = Sim(nodes=1).apply(held).run(10).delete("pods", "web").run(10)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "terminating"))

    assert len(chain) == 2
    assert chain[0].startswith("The finalizer example.com/keep holds it")


def test_a_budget_that_lets_nobody_go_says_by_what_rule() -> None:
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "strict"},
        "spec": {"maxUnavailable": 0, "selector": {"matchLabels": {"app": "web"}}},
    }
    sim = Sim(nodes=1).apply(deployment("web", 2), budget).run(20)

    chain = lines(why(sim, "poddisruptionbudgets", sim.list("poddisruptionbudgets")[0], "budget"))

    assert chain == [
        "2 of its 2 pods are healthy, and 2 must be: it lets nobody go.",
        "With maxUnavailable: 0 not one may ever be missing: a drain waits for ever.",
        "test made PodDisruptionBudget strict",
    ]


def cronjob(**spec: Any) -> Body:
    container = {"name": "j", "image": "busybox:1.37", "command": ["true"]}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "tick"},
        "spec": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": template}}, **spec},
    }


def test_a_cron_job_counts_down_to_its_next_run() -> None:
    sim = Sim(nodes=1).apply(cronjob()).run(1)

    found = why(sim, "cronjobs", sim.list("cronjobs")[0], "schedule")

    assert found.question == "When does tick run next?"
    assert found.figures[0].due > sim.now
    assert not found.urgent


def test_a_suspended_cron_job_says_so() -> None:
    sim = Sim(nodes=1).apply(cronjob(suspend=True)).run(1)

    found = why(sim, "cronjobs", sim.list("cronjobs")[0], "schedule")

    assert lines(found)[0] == "It is suspended: its schedule */5 * * * * starts nothing until somebody resumes it."


def test_a_tag_that_is_like_none_is_told_with_those_that_there_are() -> None:
    sim = Sim(nodes=1).apply(pod("web", image="nginx:vanilla")).run(10)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "pull"))

    assert chain[1].startswith("The registry has no tag vanilla of it; there are ")
