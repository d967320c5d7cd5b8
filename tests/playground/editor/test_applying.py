"""Applying document by document, and errors at the line that they are about."""

from __future__ import annotations

import orjson

from clusters.apiserver.answer import Answer
from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.editor.applying import Result, apply_all
from playground.editor.documents import documents
from playground.home.action import APPLY, Call


class Api:
    """Answers each write with what it was given; remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Body]) -> None:
        self.answers = list(answers)
        self.asked: list[Call] = []

    def __call__(self, call: Call) -> Answer:
        if call.method == "GET":
            return Answer(404, b"{}")
        self.asked.append(call)
        code, body = self.answers.pop(0) if self.answers else (201, call.body)
        return Answer(code, orjson.dumps(body))


def apply(text: str, api: Api, *, force: bool = False, replace: bool = False) -> list[Result]:
    return list(apply_all(documents(text), kinds(), api, force=force, replace=replace))


POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: hello\nspec:\n  containers:\n    - name: c\n      imag: nginx\n"


def test_a_document_is_applied_server_side_in_its_namespace() -> None:
    api = Api()

    (result,) = apply(POD, api)

    assert (result.what, result.verdict) == ("pod/hello", "created")
    assert api.asked[0].path == "/api/v1/namespaces/default/pods/hello"
    assert api.asked[0].content_type == APPLY
    assert "force" not in api.asked[0].query


def test_an_unknown_field_is_refused_at_its_line() -> None:
    message = 'strict decoding error: unknown field "spec.containers[0].imag"'

    (result,) = apply(POD, Api((400, {"message": message, "reason": "BadRequest"})))

    assert [(problem.line, problem.message) for problem in result.problems] == [(8, message)]


def test_each_cause_of_a_refusal_stands_at_its_own_line() -> None:
    causes = [
        {"field": "metadata.name", "message": "Invalid value"},
        {"field": "spec.containers[0].image", "message": "Required value"},
    ]

    (result,) = apply(POD, Api((422, {"message": "...", "details": {"causes": causes}})))

    assert [problem.line for problem in result.problems] == [4, 7]


def test_a_refused_document_does_not_keep_the_next_from_being_applied() -> None:
    api = Api((403, {"message": "no"}))

    first, second = apply(POD + "---\n" + POD.replace("hello", "other"), api)

    assert (first.verdict, second.verdict) == ("refused", "created")


def test_an_unknown_kind_is_told_as_kubectl_tells_it() -> None:
    (result,) = apply("apiVersion: v1\nkind: Wizard\nmetadata: {name: x}\n", Api())

    assert result.problems[0].message == 'no matches for kind "Wizard" in version "v1"'
    assert result.problems[0].line == 2


def test_what_is_no_manifest_is_never_sent() -> None:
    api = Api()

    results = apply("just words\n---\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n---\n- 1\n", api)

    assert [result.verdict for result in results] == ["refused"] * 4
    assert api.asked == []


def test_a_conflict_can_be_taken_over() -> None:
    conflict = {
        "message": "conflict",
        "details": {"causes": [{"field": ".spec.replicas", "message": "conflict with x"}]},
    }
    api = Api((409, conflict), (200, {"metadata": {"name": "hello"}}))

    (refused,) = apply(POD, api)
    (forced,) = apply(POD, api, force=True)

    assert refused.conflict
    assert forced.ok
    assert api.asked[1].query["force"] == "true"


def test_an_edited_object_is_replaced() -> None:
    api = Api((200, {"metadata": {"name": "hello"}}))

    apply(POD, api, replace=True)

    assert api.asked[0].method == "PUT"
