"""Names, labels and keys follow the rules of DNS and of the API server."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.kinds import names

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


@pytest.mark.parametrize("text", ["a", "web-1", "0", "a" * 63])
def test_a_label_of_dns_is_a_name(text: str) -> None:
    assert names.label(text) == ()


@pytest.mark.parametrize("text", ["", "-a", "a-", "A", "a.b", "a_b", "ä", "a\n"])
def test_what_is_no_label_is_told_how_one_looks(text: str) -> None:
    (sentence,) = names.label(text)

    assert sentence == (
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
        "and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
        "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
    )


def test_a_label_has_63_bytes_at_most() -> None:
    assert names.label("a" * 64) == ("must be no more than 63 bytes",)


def test_a_service_name_begins_with_a_letter() -> None:
    assert names.dns1035("web") == ()
    assert "a DNS-1035 label must consist of" in names.dns1035("1web")[0]


def test_a_label_key_may_have_a_prefix() -> None:
    assert names.qualified("app.kubernetes.io/name") == ()
    assert names.qualified("App") == ()
    assert names.qualified("/name") == ("prefix part must be non-empty",)
    assert names.qualified("a/b/c")[0].startswith("a qualified name must consist of")
    assert names.qualified("Web/name")[0].startswith("prefix part a lowercase RFC 1123 subdomain")


def test_a_port_name_needs_a_letter() -> None:
    assert names.port_name("http") == ()
    assert names.port_name("80") == ("must contain at least one letter (a-z)",)
    assert names.port_name("-a--b") == ("must not contain consecutive hyphens", "must not begin or end with a hyphen")


def test_a_key_of_a_configmap_is_a_file_name() -> None:
    assert names.config_key("nginx.conf") == ()
    assert names.config_key("..") == ("must not be '..'",)
    assert names.config_key("a/b")[0].startswith("a valid config key must consist of")


@given(st.text(alphabet="ab1-.A", max_size=70))
def test_a_label_is_what_the_rule_says(text: str) -> None:
    assert (not names.label(text)) == (bool(LABEL.fullmatch(text)) and len(text) <= 63)


@given(st.lists(st.from_regex(LABEL, fullmatch=True).filter(lambda part: len(part) < 60), min_size=1, max_size=3))
def test_labels_joined_by_dots_are_a_subdomain(parts: list[str]) -> None:
    assert names.subdomain(".".join(parts)) == ()
