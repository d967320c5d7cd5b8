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
BESIDES = {  # tests that look at everything of a sort, so at what the recipe adds, too
    "add-a-fault": ["tests/clusters/faults/test_catalogue.py"],
    "add-an-image": ["tests/workloads/images/test_catalogue.py"],
}


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.stem)
def test_a_recipe_can_be_carried_out_and_its_test_passes(recipe: Path, tmp_path: Path) -> None:
    copy = scratch(tmp_path)
    carry_out(recipe, copy)
    tests = [block.path for block in blocks(recipe) if Path(block.path).name.startswith("test_")]
    assert tests, "it has no test"

    ran = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, *BESIDES.get(recipe.stem, []))

    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.stem)
def test_what_a_recipe_writes_is_clean(recipe: Path, tmp_path: Path) -> None:
    copy = scratch(tmp_path)
    carry_out(recipe, copy)

    ran = run(copy, "-m", "ruff", "check", *[block.path for block in blocks(recipe) if block.path.endswith(".py")])

    assert ran.returncode == 0, ran.stdout + ran.stderr


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
