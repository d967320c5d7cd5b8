"""YAML with the lines of its fields; bad input is a sentence, never a crash."""

from __future__ import annotations

import pytest

from playground.editor.documents import LARGEST, Unreadable, documents, line_of
from playground.examples.shelf import examples

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: nginx
          image: nginx
        - name: other
          image: busybox
"""
BOMB = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 12)}]" for n in range(1, 9))])


def test_a_field_is_found_at_its_line() -> None:
    (document,) = documents(DEPLOYMENT)

    assert line_of(document, "spec.template.spec.containers[1].image") == 12


def test_an_item_is_found_by_its_name_and_by_the_field_that_only_it_has() -> None:
    (document,) = documents(DEPLOYMENT + "          ports:\n            - containerPort: x\n")

    assert line_of(document, 'spec.template.spec.containers[name="other"].image') == 12
    assert line_of(document, "spec.template.spec.containers.ports.containerPort") == 14


def test_a_missing_field_is_found_at_the_nearest_one_above() -> None:
    (document,) = documents(DEPLOYMENT)

    assert line_of(document, "spec.template.spec.containers[0].ports[0].containerPort") == 9


def test_several_documents_know_their_lines_in_the_whole_text() -> None:
    first, second = documents("kind: A\n---\n# words\n---\nkind: B\nspec:\n  x: 1\n")

    assert (first.line, second.line) == (1, 5)
    assert line_of(second, "spec.x") == 7


def test_a_list_counts_as_its_items() -> None:
    found = documents("apiVersion: v1\nkind: List\nitems:\n- kind: A\n- kind: B\n")

    assert [document.value["kind"] for document in found] == ["A", "B"]
    assert found[1].line == 5


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1, 2\nc: 3", 3),
        ("a:\n\t- b", 2),
        ("a: 1\nb: \x07", 2),
        ("a: 1\nb: caf\ufffd", 2),
        (BOMB, 1),
        ("a: &a [*a]", 1),
        ("x: " + "[" * 5000, 1),
        ("a:\n" + "".join("  " * n + "a:\n" for n in range(1, 300)), 101),
        ("a: *nobody", 1),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_line(text: str, line: int) -> None:
    with pytest.raises(Unreadable) as refused:
        documents(text)

    assert refused.value.problem.line == line


def test_a_text_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="too long"):
        documents("#" * (LARGEST + 1))


def test_every_example_can_be_read() -> None:
    for example in examples():
        assert documents(example.text), example.name
        assert example.title
        assert example.about


@pytest.mark.parametrize("value", ["!!int x", "!!map x", "0b_", "9" * 5000])
def test_a_value_that_is_not_what_it_says_is_told_with_its_line(value: str) -> None:
    with pytest.raises(Unreadable) as raised:
        documents(f"\na: {value}\n")

    assert raised.value.problem.line == 2


def test_aliases_that_nest_too_deeply_are_told() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300))

    with pytest.raises(Unreadable, match="nested too deeply"):
        documents(chain)
