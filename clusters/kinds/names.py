"""What names, labels and values may look like, with the API server's sentences (apimachinery: validation)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_DNS1035 = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = rf"({_QUALIFIED})?"
_CONFIG_KEY = r"[-._a-zA-Z0-9]+"
LONGEST_KEPT = 512
_PORT_NAME = re.compile(r"[-a-z0-9]+")

Rule = Callable[[str], Sequence[str]]  # what is wrong with the text, in sentences; nothing when it is right


def _remembered(rule: Rule) -> Rule:
    """Names come again and again. What is far too long for one is not kept: it may have been sent to fill memory."""
    known = lru_cache(4096)(rule)

    @wraps(rule)
    def asked(text: str) -> Sequence[str]:
        return known(text) if len(text) <= LONGEST_KEPT else rule(text)

    return asked


def _shape(pattern: str, sentence: str, *examples: str) -> Rule:
    shape = re.compile(pattern)
    told = " or ".join(f"'{example}', " for example in examples)
    wrong = f"{sentence} (e.g. {told}regex used for validation is '{pattern}')"
    return lambda text: () if shape.fullmatch(text) else (wrong,)


def _short(text: str, most: int) -> Sequence[str]:
    return (f"must be no more than {most} bytes",) if len(text.encode()) > most else ()


_is_label = _shape(
    _LABEL,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', "
    "and must start and end with an alphanumeric character",
    "my-name",
    "123-abc",
)
_is_subdomain = _shape(
    _SUBDOMAIN,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character",
    "example.com",
)
_is_dns1035 = _shape(
    _DNS1035,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
    "start with an alphabetic character, and end with an alphanumeric character",
    "my-name",
    "abc-123",
)
_is_qualified = _shape(
    _QUALIFIED,
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    "MyName",
    "my.name",
    "123-abc",
)
_is_value = _shape(
    _VALUE,
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character",
    "MyValue",
    "my_value",
    "12345",
)
_is_config_key = _shape(
    _CONFIG_KEY,
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    "key.name",
    "KEY_NAME",
    "key-name",
)


@_remembered
def label(text: str) -> Sequence[str]:
    """An RFC 1123 label: names of namespaces, containers, volumes."""
    return (*_short(text, 63), *_is_label(text))


@_remembered
def subdomain(text: str) -> Sequence[str]:
    """An RFC 1123 subdomain: the names of most objects."""
    return (*_short(text, 253), *_is_subdomain(text))


@_remembered
def dns1035(text: str) -> Sequence[str]:
    """A DNS-1035 label: names of Services."""
    return (*_short(text, 63), *_is_dns1035(text))


def path_segment(text: str) -> Sequence[str]:
    """What can stand between two slashes of an address."""
    if text in (".", ".."):
        return (f"may not be '{text}'",)
    return tuple(f"may not contain '{sign}'" for sign in "/%" if sign in text)


@_remembered
def qualified(text: str) -> Sequence[str]:
    """The key of a label, annotation, taint or extended resource: `example.com/name` or `name`."""
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix:
        wrong = _is_qualified("/")[0].replace("must consist", "a qualified name must consist", 1)
        return (f"{wrong} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",)
    found: list[str] = []
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        found += [f"prefix part {wrong}" for wrong in subdomain(prefix)]
    if not name:
        found.append("name part must be non-empty")
    found += [f"name part {wrong}" for wrong in _short(name, 63)]
    return (*found, *(f"name part {wrong}" for wrong in _is_qualified(name)))


@_remembered
def value(text: str) -> Sequence[str]:
    """The value of a label."""
    return (*_short(text, 63), *_is_value(text))


@_remembered
def config_key(text: str) -> Sequence[str]:
    """A key of a ConfigMap's or Secret's data: a file's name."""
    if text in (".", ".."):
        return (f"must not be '{text}'",)
    dots = ("must not start with '..'",) if text.startswith("..") else ()
    return (*_short(text, 253), *_is_config_key(text), *dots)


@_remembered
def port_name(text: str) -> Sequence[str]:
    """The name of a container's port (RFC 6335)."""
    found = ["must be no more than 15 bytes"] if len(text) > 15 else []
    if not _PORT_NAME.fullmatch(text):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not re.search("[a-z]", text):
        found.append("must contain at least one letter (a-z)")
    if "--" in text:
        found.append("must not contain consecutive hyphens")
    if text.startswith("-") or text.endswith("-"):
        found.append("must not begin or end with a hyphen")
    return tuple(found)


def port_number(number: int) -> Sequence[str]:
    """A port that can be listened on."""
    return () if 1 <= number <= 65535 else ("must be between 1 and 65535, inclusive",)


def environment(text: str) -> Sequence[str]:
    """The name of an environment variable (relaxed since 1.34)."""
    if text and all(" " <= sign <= "~" and sign != "=" for sign in text):
        return ()
    return ("a valid environment variable name must consist only of printable ASCII characters other than '='",)
