"""Every recipe works as it stands: it is carried out in a copy of the repository, and its own test is run there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playground.supervise.environment import ROOT
from tests.docs.recipe import blocks, carry_out, recipes, scratch

MOST_LINES = 40
# tests that look at everything of a sort, so at what the recipes add, too
BESIDES = ("tests/clusters/faults/test_catalogue.py", "tests/workloads/images/test_catalogue.py")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository after all recipes."""
    made = scratch(tmp_path_factory.mktemp("recipes"))
    for recipe in recipes():
        carry_out(recipe, made)
    return made


def test_every_recipe_can_be_carried_out_and_its_test_passes(copy: Path) -> None:
    tests = [path for path in written() if Path(path).name.startswith("test_")]
    assert len(tests) == len(recipes())

    ran = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, *BESIDES)

    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_the_recipes_write_is_clean(copy: Path) -> None:
    files = [path for path in written() if path.endswith(".py")]

    for check in (["check"], ["format", "--check"]):
        ran = run(copy, "-m", "ruff", *check, *files)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def written() -> list[str]:
    return [block.path for recipe in recipes() for block in blocks(recipe)]


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.stem)
def test_a_recipe_fits_on_a_page(recipe: Path) -> None:
    assert len(recipe.read_text().splitlines()) <= MOST_LINES


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
    env = {name: value for name, value in own.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run([sys.executable, *arguments], cwd=copy, env=env, capture_output=True, text=True, check=False)


def test_every_recipe_is_on_the_map() -> None:
    text = (ROOT / "docs" / "map.md").read_text()

    assert [recipe.name for recipe in recipes() if f"recipes/{recipe.name}" not in text] == []
