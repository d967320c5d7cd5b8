"""Whatever the documentation names is there: links, headings, paths, commands."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
import yaml

from playground.management.commands.cluster import Command
from playground.supervise.environment import ROOT
from tests.docs.recipe import blocks

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text()
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"")
TOP = "clusters|workloads|networking|playground|static|templates|tests|docs"
PATH = re.compile(rf"`((?:{TOP})/[\w./-]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for found in LINK.finditer(page.read_text()):
        path, _, heading = (found[1] or found[2]).partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not heading or heading in headings(target), f"{path}#{heading}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_path_in_a_page_exists(page: Path) -> None:
    made = [block.path for block in blocks(page)] if page.parent.name == "recipes" else []

    named = [path for path in PATH.findall(page.read_text()) if path not in made]

    assert [path for path in named if not (ROOT / path).exists()] == []


def headings(page: Path) -> list[str]:
    titles = [line.lstrip("# ") for line in page.read_text().splitlines() if line.startswith("#")]
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


def test_the_readmes_make_targets_exist() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert [
        name for name in re.findall(r"\bmake ([a-z]+)\s*(?:#|`|$)", README, re.MULTILINE) if name not in targets
    ] == []


def test_the_readmes_cluster_commands_are_understood() -> None:
    parser = argparse.ArgumentParser(exit_on_error=False)
    Command().add_arguments(parser)  # type: ignore[arg-type]
    lines = re.findall(r"manage\.py cluster (.+)$", README, re.MULTILINE)
    assert lines

    for line in lines:
        assert parser.parse_args(line.split()).name == "lesson"


def test_the_readmes_fault_is_one_that_exists() -> None:
    (text,) = re.findall(r"<<EOF\n(.*?)^EOF$", README, re.MULTILINE | re.DOTALL)

    fault = yaml.safe_load(text)

    assert f"delete fault {fault['metadata']['name']}" in README
    assert (fault["kind"], fault["spec"]) == ("Fault", {"type": "NodeCrash", "target": {"node": "worker-2"}})


def test_the_contributors_example_passes() -> None:
    (code,) = [
        text for language, text in FENCE.findall((ROOT / "docs/contributors.md").read_text()) if language == "python"
    ]
    scope: dict[str, object] = {}

    exec(code, scope)
    (test,) = [value for name, value in scope.items() if name.startswith("test_")]

    test()  # type: ignore[operator]
