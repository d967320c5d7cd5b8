"""An object as YAML, as `kubectl get -o yaml` prints it, with keys and values told apart."""

from __future__ import annotations

import re

import yaml
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from clusters.kinds.body import Body, without

LINE = re.compile(r"^(\s*(?:- )*)([^\s:'\"#-][^:\n]*?|'[^']*'|\"[^\"]*\")(:)( .*)?$")


def text_of(body: Body) -> str:
    """In kubectl's order, without managedFields, which only machines read."""
    return yaml.dump(without(body, "metadata.managedFields"), Dumper=yaml.CSafeDumper, sort_keys=True, width=100)


def highlighted(body: Body) -> SafeString:
    return mark_safe("\n".join(highlighted_line(line) for line in text_of(body).splitlines()))


def highlighted_line(line: str) -> str:
    found = LINE.match(line)
    if not found:
        return escape(line)
    indent, key, colon, value = found.groups()
    return f'{escape(indent)}<b class="key">{escape(key)}</b>{colon}{escape(value or "")}'
