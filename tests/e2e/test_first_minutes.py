"""The first five minutes: a cluster of one's own, a manifest, a dead node, healing (issue: alive end to end)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.conftest import Comes
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: hello
spec:
  containers:
    - name: nginx
      image: nginx:1.29
"""


# in the text twin: three pods run, and one of them is new
ANOTHER_RUNS = """(before) => {
  const running = document.querySelectorAll("#twin [data-kind=Pod][data-namespace=default][data-state=Running]");
  const names = [...running].map((pod) => pod.dataset.name);
  return names.length >= 3 && names.some((name) => !before.includes(name));
}"""


def test_a_visitor_gets_a_cluster_without_signing_up_and_comes_back_to_it(comes: Comes) -> None:
    alice = comes().arrives()
    mine = alice.url

    for name in ("control-plane", "worker-1", "worker-2", "worker-3"):
        alice.sees_node(name, "Ready")
    # four parts of the control plane, kube-proxy on each of four nodes, and two of CoreDNS
    expect(alice.pods(namespace="kube-system")).to_have_count(10)
    alice.go(alice.address)
    assert alice.url == mine


def test_two_visitors_have_two_clusters(reader: Visitor, comes: Comes) -> None:
    bob = comes().own_cluster()

    assert reader.url != bob.url


def test_an_applied_manifest_comes_on_stage(alice: Visitor) -> None:
    alice.writes(POD)

    expect(alice.page.locator("#editor-result")).to_contain_text("pod/hello created")
    alice.sees_pods(4)


def test_a_refused_manifest_is_marked_at_its_line_and_nothing_is_lost(reader: Visitor) -> None:
    reader.writes(POD.replace("image:", "imag:"))

    expect(reader.page.locator("#editor-result .problem")).to_contain_text("Line 8")
    expect(reader.page.locator(".cm-refused")).to_contain_text("imag: nginx")
    expect(reader.page.locator(".cm-content")).to_contain_text("name: hello")
    reader.sees_pods(3)


def test_an_example_can_be_picked_and_applied(alice: Visitor) -> None:
    alice.page.get_by_role("button", name="Apply YAML").first.click()
    alice.page.locator("#editor-example").select_option("service")
    expect(alice.page.locator(".cm-content")).to_contain_text("kind: Deployment")

    alice.page.locator("#editor-apply").click()

    expect(alice.page.locator("#editor-result .result")).to_have_count(2)
    alice.sees_pods(5)


def test_a_killed_node_is_noticed_its_pods_are_replaced_and_it_comes_back(alice: Visitor) -> None:
    before = alice.names(alice.pods())
    alice.hurries(10)

    alice.opens("nodes", "worker-2", "")
    alice.does("kill")
    expect(alice.page.locator("#inspect-outcome")).to_contain_text("kubectl apply")
    alice.sees_node("worker-2", "NotReady")
    alice.page.wait_for_function(ANOTHER_RUNS, arg=before)

    alice.does("revive")
    alice.sees_node("worker-2", "Ready")
    alice.sees_pods(3)


def test_a_deployment_is_scaled_and_the_line_is_shown(alice: Visitor) -> None:
    alice.opens("deployments", "web")
    alice.page.locator("#choice-scale").fill("5")

    alice.does("scale")

    expect(alice.page.locator("#inspect-outcome")).to_contain_text("kubectl scale deployment/web --replicas=5")
    alice.sees_pods(5)


def test_a_deleted_pod_is_replaced_and_its_page_says_that_it_is_gone(alice: Visitor) -> None:
    name = alice.names(alice.pods())[0]
    alice.opens("pods", name)

    alice.does("delete")

    expect(alice.page.locator("#panel .pill").first).to_have_text("gone")
    alice.sees_pods(3)
    assert name not in alice.names(alice.pods())


def test_a_crashed_container_is_started_again(alice: Visitor) -> None:
    alice.opens("pods", alice.names(alice.pods())[0])

    alice.does("crash")

    expect(alice.page.locator("#inspect-tab")).to_contain_text("1 restart")
    alice.sees_pods(3)


def test_a_node_is_added_cordoned_drained_and_removed(alice: Visitor) -> None:
    alice.hurries(10).chooses("Add a node")
    alice.sees_node("worker-4", "Ready")
    alice.does("cordon")
    expect(alice.node("worker-4")).to_have_attribute("data-cordoned", "true")
    alice.does("uncordon")
    alice.does("drain")
    alice.does("delete")

    expect(alice.node("worker-4")).to_have_count(0)


def test_the_logs_follow(reader: Visitor) -> None:
    reader.opens("pods", reader.names(reader.pods())[0])

    reader.page.get_by_role("button", name="Logs").click()

    expect(reader.page.locator("#logs-text")).to_contain_text("ready for start up")


def test_what_happened_is_told_with_its_actor_while_it_happens(alice: Visitor) -> None:
    alice.chooses("What happened")
    expect(alice.page.locator("#feed-lines")).to_contain_text("replicaset-controller made pod web-")

    alice.page.evaluate("htmx.ajax('post', document.body.dataset.base + 'nodes/add/', '#tip')")

    expect(alice.page.locator("#feed-lines li").first).to_contain_text("worker-4")


def test_starting_over_brings_back_the_beginning(alice: Visitor) -> None:
    alice.writes(POD)
    alice.sees_pods(4)

    alice.chooses("Start over")
    alice.page.locator("#start-over").get_by_role("button", name="Leave it").click()
    expect(alice.page.locator("#side")).to_be_hidden()
    alice.chooses("Start over")
    alice.page.locator("#start-over").get_by_role("button", name="Start over").click()

    expect(alice.page.locator("#start-over")).to_contain_text("Started over")
    alice.sees_pods(3)


def test_a_paused_clock_holds_everything_and_a_step_lets_one_thing_happen(alice: Visitor) -> None:
    alice.page.get_by_role("button", name="Pause time").click()
    expect(alice.page.locator("#clock-step")).to_be_visible()
    alice.opens("deployments", "web")
    alice.page.locator("#choice-scale").fill("4")
    alice.does("scale")
    alice.page.wait_for_timeout(700)
    expect(alice.pods()).to_have_count(3)

    alice.page.get_by_role("button", name="Let time go on").click()

    alice.sees_pods(4)


def test_an_example_picked_before_the_editor_has_come_is_not_lost(reader: Visitor) -> None:
    def late(route: Route) -> None:
        reader.page.wait_for_timeout(700)
        route.continue_()

    reader.page.route("**/writing-*.js*", late)
    reader.page.get_by_role("button", name="Apply YAML").first.click()
    reader.page.locator("#editor-example").select_option("service")

    expect(reader.page.locator(".cm-content")).to_contain_text("kind: Deployment")
