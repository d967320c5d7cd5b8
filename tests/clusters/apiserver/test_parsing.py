from __future__ import annotations

import time

import pytest

from clusters.apiserver.parsing import LARGEST, parse
from clusters.kinds.problem import Status

JSON, YAML = "application/json", "application/yaml"


def refusal(body: bytes, content_type: str) -> Status:
    with pytest.raises(Status) as raised:
        parse(body, content_type)
    return raised.value


def test_yaml_is_read_as_the_api_server_reads_it() -> None:
    text = b"yes: on\nport: 80:80\nday: 2020-01-01\nmode: 0644\n1: one\n"

    assert parse(text, YAML).value == {"true": True, "port": "80:80", "day": "2020-01-01", "mode": 420, "1": "one"}


def test_json_is_yaml_too() -> None:
    assert parse(b'{"a": [1]}', YAML).value == {"a": [1]}
    assert parse(b"{a: [1]}", YAML).value == {"a": [1]}


def test_fields_that_stand_twice_are_named() -> None:
    assert parse(b'{"a":1,"b":{"c":1,"c":2},"a":3}', JSON).duplicates == [
        'duplicate field "a"',
        'duplicate field "b.c"',
    ]
    assert parse(b"a: 1\nb: [{c: 1, c: 2}]\n", YAML).duplicates == ['duplicate field "b[0].c"']


@pytest.mark.parametrize(
    ("body", "content_type", "sentence"),
    [
        (b'{"a":', JSON, "json parse error"),
        (b"\xff", JSON, "UTF-8"),
        (b"a: \xff", YAML, "invalid UTF-8"),
        (b"a: b: c", YAML, "line 1: mapping values are not allowed"),
        (b"ok: 1\n\tbad: 2", YAML, "line 2"),
        (b"[" * 5000, YAML, "exceeded max depth"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, JSON, "exceeded max depth"),
        (b"a: &a [*a]", YAML, "excessive aliasing"),
        (b"a: !!python/object:os.system x", YAML, "could not determine a constructor"),
        (b"a: .nan", YAML, "has no form in JSON"),
        (b"a: [" + b"x," * 1_000_000 + b"x]", YAML, "more than 50000 values"),
    ],
)
def test_malformed_bodies_are_bad_requests(body: bytes, content_type: str, sentence: str) -> None:
    refused = refusal(body, content_type)

    assert (refused.code, refused.reason) == (400, "BadRequest")
    assert sentence in refused.message


def test_an_alias_bomb_is_not_written_out() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]

    assert "excessive aliasing" in refusal("\n".join(lines).encode(), YAML).message


def test_a_few_aliases_are_fine() -> None:
    assert parse(b"base: &b {x: 1}\nmore:\n  <<: *b\n  y: 2\n", YAML).value["more"] == {"x": 1, "y": 2}


def test_too_large_a_body_is_refused_by_its_length() -> None:
    refused = refusal(b" " * (LARGEST + 1), JSON)

    assert (refused.code, refused.reason) == (413, "RequestEntityTooLarge")


@pytest.mark.parametrize("value", ["9" * 5000, "0b_", "0x_", "!!int x", "!!float x", "!!bool x", "!!map x"])
def test_a_value_that_is_not_what_it_says_is_refused_with_its_line(value: str) -> None:
    refused = refusal(f"\na: {value}\n".encode(), YAML)

    assert refused.code == 400
    assert "yaml: line 2: " in refused.message


def test_aliases_cannot_nest_deeper_than_brackets() -> None:
    chain = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300))

    assert "exceeded max depth" in refusal(chain.encode(), YAML).message


def test_many_fields_of_which_one_stands_twice_are_read_at_once() -> None:
    body = b"{" + b",".join(b'"k%d":1' % i for i in range(150_000)) + b',"k7":2}'
    begun = time.monotonic()

    assert parse(body, JSON).duplicates == ['duplicate field "k7"']
    assert time.monotonic() - begun < 10


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert "so many digits" in refusal(b"a: 0x" + b"f" * 9000, YAML).message
