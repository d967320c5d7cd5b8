"""less and more, clear, reset, cal, tree, vi: what a person does at a terminal."""

from calendar import TextCalendar

from workloads.runtime.server import date_of
from workloads.runtime.tool import Call, flags


def less(call: Call) -> int | None:
    for _, text in call.chunks(flags(call.args)[1]):
        call.out(text)
    return None if call.is_blocked else int(call.failed)


def clear(call: Call) -> int:
    call.out("\x1b[H\x1b[J")
    return 0


def vi(call: Call) -> int:
    call.complain("there is no editor in this simulated container: write files with echo, cat <<EOF or sed -i")
    return 1


def cal(call: Call) -> int:
    today = date_of(call.now)
    call.out(TextCalendar(6).formatmonth(today.year, today.month))
    return 0


def tree(call: Call) -> int:
    name = next(iter(flags(call.args)[1]), ".")
    call.out(name + "\n")
    counts = [0, 0]
    _branch(call, call.path(name), "", counts)
    call.out(f"\n{counts[0]} directories, {counts[1]} files\n")
    return 0


def _branch(call: Call, path: str, before: str, counts: list[int]) -> None:
    names = [name for name in call.files.names(path) if not name.startswith(".")]
    for at, name in enumerate(names):
        inner, is_last = f"{path.rstrip('/')}/{name}", at == len(names) - 1
        call.machine.fuel += 1
        call.out(f"{before}{'└── ' if is_last else '├── '}{name}\n")
        is_folder = call.files.is_folder(inner)
        counts[0 if is_folder else 1] += 1
        if is_folder and len(before) < 80:
            _branch(call, inner, before + ("    " if is_last else "│   "), counts)
