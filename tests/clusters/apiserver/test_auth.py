"""Bearer tokens: one a user and right, of which only the hash is kept."""

from __future__ import annotations

import pytest

from clusters.apiserver.auth import holder, issue
from clusters.engine.birth import create_cluster
from clusters.models import Cluster, Token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
def cluster() -> Cluster:
    return create_cluster("test", nodes=0)


def test_a_token_says_whose_it_is_and_for_which_cluster(cluster: Cluster) -> None:
    found = holder(issue(cluster, "alice", may_edit=True))

    assert found is not None
    assert (found[0].name, found[0].may_edit, found[1]) == ("alice", True, cluster.slug)


def test_a_token_asked_for_again_is_the_same_and_leaves_one_row(cluster: Cluster) -> None:
    assert issue(cluster, "alice", may_edit=True) == issue(cluster, "alice", may_edit=True)
    assert Token.objects.filter(cluster=cluster).count() == 1


def test_every_user_right_and_cluster_has_a_token_of_its_own(cluster: Cluster) -> None:
    other = create_cluster("other", nodes=0)

    tokens = {
        issue(cluster, "alice", may_edit=True),
        issue(cluster, "alice", may_edit=False),
        issue(cluster, "bob", may_edit=True),
        issue(other, "alice", may_edit=True),
    }

    assert len(tokens) == 4


def test_the_token_itself_is_nowhere_in_the_database(cluster: Cluster) -> None:
    token = issue(cluster, "alice", may_edit=True)

    assert not Token.objects.filter(digest__contains=token[:16]).exists()


def test_a_token_that_was_never_issued_is_nobodys() -> None:
    assert holder("made-up") is None
