"""The catalogue's files."""

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from workloads import images
from workloads.images import Image, find, known
from workloads.images.base import BASES, base, tree
from workloads.images.behaviours import BEHAVIOURS
from workloads.images.entries import FAMILIES
from workloads.runtime import signals
from workloads.runtime.process import SHELLS
from workloads.runtime.tools.table import TOOLS

CATALOGUE = Path(images.__file__).parent / "catalogue"
SCHEMA = json.loads((Path(__file__).parent / "catalogue.schema.json").read_text())
OPTIONAL = ("needs", "user")


def entries(family: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((CATALOGUE / f"{family}.yaml").read_text())
    return found


def test_every_file_is_listed_and_every_family_has_its_file() -> None:
    assert sorted(path.stem for path in CATALOGUE.iterdir()) == sorted(FAMILIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_follows_the_schema_with_its_keys_in_order(family: str) -> None:
    found = entries(family)

    jsonschema.validate(found, SCHEMA)
    assert all([key for key in entry if key not in OPTIONAL] == SCHEMA["items"]["required"] for entry in found)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_an_image_names_exists(family: str) -> None:
    for entry in entries(family):
        for tag in entry["tags"]:
            image = find(f"{entry['image']}:{tag}")
            assert isinstance(image, Image)

            first = (*image.entrypoint, *image.cmd)[0]
            paths = [f"{folder}/{first}" for folder in image.env.get("PATH", "").split(":")]

            assert all(listen.behaviour in BEHAVIOURS for listen in image.listens)
            assert all(name in signals.NUMBERS for name in image.stop.signals)
            assert any(path in tree(image).programs for path in (*paths, first, first.removeprefix(".")))
            assert all(what in ("server", "wrapper", *SHELLS) or what in TOOLS for what in image.programs.values())


def test_no_two_entries_claim_the_same_reference() -> None:
    claimed = [f"{repository}:{tag}" for family in FAMILIES for entry in entries(family)
               for repository in (entry["image"], *entry["also"]) for tag in entry["tags"]]  # fmt: skip

    assert sorted(claimed) == known()


@pytest.mark.parametrize("name", BASES)
def test_every_command_of_a_base_is_a_tool_or_a_shell(name: str) -> None:
    commands = [command for names in base(name).commands.values() for command in sorted(names)]

    assert [command for command in commands if command not in TOOLS and command not in SHELLS] == []


def test_a_behaviour_that_nobody_names_does_not_exist() -> None:
    started = {"node-script"}  # by `node server.js`
    named = {listen["behaviour"] for family in FAMILIES for entry in entries(family) for listen in entry["listens"]}

    assert named | started == set(BEHAVIOURS)


def test_a_pull_takes_its_size_by_the_bandwidth() -> None:
    nginx, small, instant = find("nginx:1.27"), find("busybox"), find("podium.dev/instant")
    assert isinstance(nginx, Image)
    assert isinstance(small, Image)
    assert isinstance(instant, Image)

    assert nginx.pull - small.pull == (nginx.size - small.size) * 1_000_000 // images.BANDWIDTH
    assert (instant.pull, instant.start) == (0, 0)
