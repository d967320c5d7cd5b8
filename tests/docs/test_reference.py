"""The documentation is complete: whatever exists has its entry."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clusters.engine import assembly
from clusters.faults import FAULTS
from clusters.reconcile.timings import PROFILES
from playground.home.limits import DEFAULT_QUOTA
from playground.supervise.environment import ROOT
from workloads.images.entries import FAMILIES
from workloads.scheduler.plugins import PLUGINS

REFERENCE = (ROOT / "docs" / "reference.md").read_text()
OPERATORS = (ROOT / "docs" / "operators.md").read_text()
TEACHERS = (ROOT / "docs" / "teachers.md").read_text()
PACKAGES = ("clusters", "workloads", "networking", "playground", "tests")
SETTING = re.compile(r"\bPODIUM_[A-Z][A-Z_]*[A-Z]\b")


@pytest.mark.parametrize(
    "kind", [kind for kind in assembly.kinds().values() if kind.served], ids=lambda kind: kind.kind
)
def test_a_served_kind_has_its_row(kind: object) -> None:
    name, version = getattr(kind, "kind"), getattr(kind, "api_version")  # noqa: B009

    assert f"| {name} | {version} |" in REFERENCE


def test_kinds_that_are_not_served_are_named() -> None:
    assert [kind.kind for kind in assembly.kinds().values() if kind.kind not in REFERENCE] == []


def test_every_component_has_its_row_and_is_said_to_run_where_it_does() -> None:
    rows = {one.controller.name: one.runs_in for one in assembly.components()}

    missing = [name for name, place in rows.items() if f"| `{name}` | {place}" not in REFERENCE]

    assert missing == []


def test_every_admission_step_and_scheduler_plugin_is_named() -> None:
    names = [*(step.name for step in assembly.steps()), *(plugin.name for plugin in PLUGINS)]

    assert [name for name in names if f"`{name}`" not in REFERENCE] == []


def test_every_fault_has_its_row_with_what_it_is_aimed_at() -> None:
    rows = {line.split("`")[1]: line for line in REFERENCE.splitlines() if line.startswith("| `")}

    for fault in FAULTS.values():
        assert all(f"`{name}`" in rows[fault.type] for name in (*fault.required, *fault.optional))


def test_every_fault_is_named_in_a_lesson() -> None:
    lessons = TEACHERS.partition("## A lesson for each family of faults")[2].partition("\n## ")[0]

    assert [fault.title for fault in FAULTS.values() if f"*{fault.title}*" not in lessons] == []


def test_every_image_family_has_its_row() -> None:
    assert [family for family in FAMILIES if f"| `{family}` |" not in REFERENCE] == []


def test_every_setting_is_for_operators_to_read() -> None:
    files = [ROOT / "Makefile", *(file for name in PACKAGES for file in (ROOT / name).rglob("*.py"))]
    named = dict.fromkeys(name for file in files for name in SETTING.findall(file.read_text()))

    assert [name for name in (*named, "DATABASE_URL", "REDIS_URL") if f"`{name}`" not in OPERATORS] == []


def test_every_target_of_make_has_its_row() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert [name for name in targets if f"| `make {name}`" not in REFERENCE] == []


def test_every_command_is_for_operators_to_read() -> None:
    commands = sorted(file.stem for file in (ROOT / "playground/management/commands").glob("[a-z]*.py"))

    assert [name for name in commands if not re.search(rf"`{name}[ `]", OPERATORS)] == []


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("renews its Lease every", "lease_renewal"),
        ("the Lease lasts", "lease_duration"),
        ("posts its node's status at least every", "status_report"),
        ("the node controller looks every", "monitor_period"),
        ("a silent node is", "monitor_grace"),
        ("its pods are evicted after", "toleration"),
        ("first wait before", "backoff_first"),
        ("longest wait", "backoff_most"),
        ("a container that ran this long", "backoff_reset"),
        ("a machine boots in", "boot"),
    ],
)
def test_a_waiting_time_in_the_teachers_table_is_the_real_one(told: str, field: str) -> None:
    (row,) = [line for line in TEACHERS.splitlines() if line.startswith("|") and told in line]

    times = [getattr(PROFILES[name], field) // 1_000_000 for name in ("classroom", "kubernetes")]

    assert row.endswith(f"| {times[0]} s | {times[1]} s |")


def test_the_limits_in_the_teachers_table_are_the_real_ones() -> None:
    for name in ("objects", "pods", "nodes", "requests"):
        assert re.search(rf"^\| [^|]*{name}[^|]* \| {DEFAULT_QUOTA[name]} \|", TEACHERS, re.MULTILINE), name


def test_a_page_is_not_forgotten_by_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    pages = [file for file in Path(ROOT / "docs").glob("*.md") if file.name]

    assert [page.name for page in pages if f"(docs/{page.name})" not in readme] == []
