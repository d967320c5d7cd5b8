"""python: a small part of the language, and `-m http.server`. What it does not know it refuses, and says so."""

import ast
import json
from typing import Any

from workloads.runtime.process import Program, become
from workloads.runtime.tool import Call
from workloads.runtime.tools.python.compile import Unknown, program
from workloads.runtime.tools.python.values import MODULES, Ends, Sleeps, Values

MOST = 60  # instructions a turn
LARGEST = 128 * 1024  # of all variables, as JSON
PROBLEMS = (NameError, TypeError, ValueError, KeyError, IndexError, ZeroDivisionError, AttributeError, OverflowError,
            MemoryError, RecursionError)  # fmt: skip


def python(call: Call) -> int | None:
    words = [word for word in call.args if word not in ("-u", "-B", "-s", "-E", "-O", "-W")]
    if not words:
        return _stdin(call)
    if words[0] in ("-V", "--version", "-VV"):
        call.out(f"Python {call.machine.image.version if 'python' in call.machine.image.repository else '3.11.2'}\n")
        return 0
    if words[0] == "-m":
        return _module(call, words[1:])
    if words[0] == "-c" and len(words) > 1:
        call.memory.setdefault("argv", ["-c", *words[2:]])
        return _run(call, words[1])
    if words[0].startswith("-"):
        return call.usage(f"unknown option {words[0]}")
    text = call.files.read(call.path(words[0]))
    if text is None:
        return _refuse(call, f"can't open file '{call.path(words[0])}': [Errno 2] No such file or directory", 2)
    call.memory.setdefault("argv", words)
    return _run(call, text)


def _stdin(call: Call) -> int | None:
    """A script that comes in; at a terminal it says that there is no prompt here."""
    if call.is_terminal(0):
        return _refuse(call, "there is no interactive prompt in this simulated container: use -c or a file")
    held = call.memory.setdefault("script", [])
    if not call.memory.get("read"):
        held.extend(text for _, text in call.chunks([]))
        if call.is_blocked:
            return None
        call.memory["read"] = True
    return _run(call, "".join(held))


def _module(call: Call, words: list[str]) -> int | None:
    if words[:1] == ["http.server"]:
        argv = (call.process["argv"][0], *call.args)
        become(call.machine, call.process, Program("server", "file-server", argv), call.env)
        return None
    name = words[0] if words else ""
    return _refuse(call, f"No module named {name}" if name else "expected a module")


def _refuse(call: Call, why: str, code: int = 1) -> int:
    call.machine.write(call.process, 2, f"{call.process['argv'][0]}: {why}\n")
    return code


def _run(call: Call, text: str) -> int | None:
    try:
        instructions = program(text)
    except SyntaxError as problem:
        call.machine.write(
            call.process, 2, f'  File "<string>", line {problem.lineno or 1}\nSyntaxError: {problem.msg}\n'
        )
        return 1
    except Unknown as problem:
        return _refuse(call, f"this simulated Python does not know {problem}")
    running = call.memory.setdefault("running", {"at": 0, "vars": {}, "loops": []})
    if call.now < running.get("until", 0):
        call.sleep(running["until"])
        return None
    try:
        for _ in range(MOST):
            if running["at"] >= len(instructions):
                return 0
            _step(call, running, instructions[running["at"]])
        if len(json.dumps(running)) > LARGEST:
            raise MemoryError
    except Ends as end:
        return end.code
    except Sleeps as nap:
        running["until"] = call.now + max(nap.duration, 0)
        call.sleep(running["until"])
    except Unknown as problem:
        return _refuse(call, f"this simulated Python does not know {problem}")
    except PROBLEMS as problem:
        why = str(problem)
        call.machine.write(call.process, 2, "Traceback (most recent call last):\n"
                           f"{type(problem).__name__}{': ' + why if why else ''}\n")  # fmt: skip
        return 1
    return None


def _step(call: Call, running: dict[str, Any], instruction: tuple[Any, ...]) -> None:
    kind, *rest = instruction
    values = Values(call, running["vars"])
    running["at"] += 1
    if kind == "do":
        values.of(rest[0])
    elif kind == "set":
        _assign(running["vars"], rest[0], values.of(rest[1]), values)
    elif kind == "unless":
        if not values.of(rest[0]):
            running["at"] = rest[1]
    elif kind == "jump":
        running["at"] = rest[0]
    elif kind == "iterate":
        found = values.of(rest[0])
        is_range = isinstance(found, dict) and list(found) == ["range"]
        running["loops"].append(found if is_range else {"left": list(found)})
    elif kind == "next":
        _next(running, rest[0], rest[-1], values)
    elif kind == "drop":
        running["loops"].pop()
    elif kind == "import":
        _known(rest[0])
    elif kind == "from":
        _known((rest[0],))
        running["vars"].setdefault("from", {}).update({own: f"{rest[0]}.{name}" for name, own in rest[1]})


def _known(names: tuple[str, ...]) -> None:
    unknown = next((name for name in names if name.partition(".")[0] not in MODULES), None)
    if unknown:
        raise Unknown(f"the module {unknown}")


def _next(running: dict[str, Any], target: ast.AST, leave: int, values: Values) -> None:
    held = running["loops"][-1]
    if "range" in held:
        start, stop, step = held["range"]
        if (start >= stop) if step > 0 else (start <= stop):
            running["at"] = leave
            return
        held["range"] = [start + step, stop, step]
        _assign(running["vars"], target, start, values)
    elif held["left"]:
        _assign(running["vars"], target, held["left"].pop(0), values)
    else:
        running["at"] = leave


def _assign(variables: dict[str, Any], target: ast.AST, value: Any, values: Values) -> None:
    if isinstance(target, ast.Name):
        variables[target.id] = value
    elif isinstance(target, ast.Tuple | ast.List):
        for one, part in zip(target.elts, list(value), strict=True):
            _assign(variables, one, part, values)
    elif isinstance(target, ast.Subscript):
        values.of(target.value)[values.of(target.slice)] = value
    else:
        raise Unknown(type(target).__name__)
