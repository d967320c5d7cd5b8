"""Which line of an Ingress a request meets: the table of the documentation, and wildcard hosts."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from networking.ingress.routes import compiled, host_for, path_for


def ingress(*paths: tuple[str, str], host: str = "", name: str = "web", **annotations: str) -> Body:
    def backend(number: int) -> Body:
        return {"service": {"name": f"s{number}", "port": {"number": 80}}}

    lines = [{"path": path, "pathType": kind, "backend": backend(at)} for at, (kind, path) in enumerate(paths)]
    given = {f"nginx.ingress.kubernetes.io/{key.replace('_', '-')}": value for key, value in annotations.items()}
    rule = {"http": {"paths": lines}, **({"host": host} if host else {})}
    return {"metadata": {"namespace": "default", "name": name, "annotations": given}, "spec": {"rules": [rule]}}


def met(path: str, *paths: tuple[str, str], **annotations: str) -> str | None:
    """The path of the line that a request meets."""
    found = path_for(host_for(compiled([ingress(*paths, **annotations)]), "any"), path)
    return found.text if found else None


@pytest.mark.parametrize(
    ("kind", "path", "asked", "matches"),
    [
        ("Prefix", "/", "/anything", True),
        ("Exact", "/foo", "/foo", True),
        ("Exact", "/foo", "/bar", False),
        ("Exact", "/foo", "/foo/", False),
        ("Exact", "/foo/", "/foo", False),
        ("Prefix", "/foo", "/foo", True),
        ("Prefix", "/foo", "/foo/", True),
        ("Prefix", "/foo/", "/foo", True),
        ("Prefix", "/foo/", "/foo/", True),
        ("Prefix", "/aaa/bb", "/aaa/bbb", False),
        ("Prefix", "/aaa/bbb", "/aaa/bbb", True),
        ("Prefix", "/aaa/bbb/", "/aaa/bbb", True),
        ("Prefix", "/aaa/bbb", "/aaa/bbb/", True),
        ("Prefix", "/aaa/bbb", "/aaa/bbb/ccc", True),
        ("Prefix", "/aaa/bbb", "/aaa/bbbxyz", False),
        ("Prefix", "/foo", "/Foo", False),
        ("ImplementationSpecific", "/foo", "/foobar", True),
    ],
)
def test_a_path_matches_as_the_documentation_says(kind: str, path: str, asked: str, matches: bool) -> None:
    assert (met(asked, (kind, path)) is not None) is matches


@pytest.mark.parametrize(
    ("paths", "asked", "wins"),
    [
        ((("Prefix", "/"), ("Prefix", "/aaa")), "/aaa/ccc", "/aaa"),
        ((("Prefix", "/"), ("Prefix", "/aaa"), ("Prefix", "/aaa/bbb")), "/aaa/bbb", "/aaa/bbb"),
        ((("Prefix", "/"), ("Prefix", "/aaa"), ("Prefix", "/aaa/bbb")), "/ccc", "/"),
        ((("Prefix", "/aaa"),), "/ccc", None),
        ((("Prefix", "/foo"), ("Exact", "/foo")), "/foo", "/foo"),
    ],
)
def test_the_longest_path_wins(paths: tuple[tuple[str, str], ...], asked: str, wins: str | None) -> None:
    assert met(asked, *paths) == wins


def test_an_exact_path_comes_before_a_prefix_of_the_same_length() -> None:
    table = compiled([ingress(("Prefix", "/foo"), ("Exact", "/foo"))])

    found = path_for(host_for(table, "any"), "/foo")

    assert found is not None
    assert found.type == "Exact"


@pytest.mark.parametrize(
    ("host", "asked", "matches"),
    [
        ("*.foo.com", "bar.foo.com", True),
        ("*.foo.com", "baz.bar.foo.com", False),
        ("*.foo.com", "foo.com", False),
        ("foo.com", "foo.com", True),
        ("foo.com", "FOO.com", True),
        ("foo.com", "bar.com", False),
    ],
)
def test_a_wildcard_stands_for_one_label(host: str, asked: str, matches: bool) -> None:
    table = compiled([ingress(("Prefix", "/"), host=host)])

    assert (path_for(host_for(table, asked), "/") is not None) is matches


def test_a_host_comes_before_its_wildcard_and_that_before_rules_without_host() -> None:
    hosts = {"": "none", "*.foo.com": "wild", "bar.foo.com": "exact"}
    table = compiled([ingress(("Prefix", "/"), host=host, name=name) for host, name in hosts.items()])

    found = [path_for(host_for(table, one), "/") for one in ("bar.foo.com", "baz.foo.com", "other.com")]

    assert [one.ingress.name if one else None for one in found] == ["exact", "wild", "none"]


def test_one_rewrite_makes_regular_expressions_of_all_paths_of_the_host() -> None:
    plain, rewriting = (
        ingress(("Prefix", "/FOO")),
        ingress(("ImplementationSpecific", "/b(.*)"), name="b", rewrite_target="/$1"),
    )

    assert path_for(host_for(compiled([plain]), "any"), "/foobar") is None
    assert path_for(host_for(compiled([plain, rewriting]), "any"), "/foobar") is not None


@pytest.mark.parametrize("pattern", ["/(a+)+$", "/(a|a)*b", "/.*.*.*.*x", "/(unclosed", "/" + "a" * 600])
def test_a_pattern_that_could_take_for_ever_or_is_none_matches_nothing(pattern: str) -> None:
    assert met("/" + "a" * 400, ("ImplementationSpecific", pattern), use_regex="true") is None
