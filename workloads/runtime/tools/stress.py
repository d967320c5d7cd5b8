"""stress: takes CPU and memory, as the documentation's examples of limits do. Too much memory ends the container."""

from workloads.runtime.tool import Call

UNITS = {"B": 1, "K": 1024, "M": 1024**2, "G": 1024**3}


def stress(call: Call) -> int | None:
    options = _options(call)
    workers = {name: call.number(options.get(name, "0")) for name in ("cpu", "io", "vm", "hdd")}
    if not call.memory:
        if not any(workers.values()):
            return call.usage("usage: stress [--cpu N] [--vm N] [--vm-bytes B] [--vm-hang N] [--timeout N]")
        hogs = ", ".join(f"{count} {name}" for name, count in workers.items())
        call.machine.write(call.process, 1, f"stress: info: [{call.process['pid']}] dispatching hogs: {hogs}\n")
        call.memory["until"] = call.now + _seconds(call, options["timeout"]) if "timeout" in options else None
        _take(call, workers["vm"] * _size(call, options.get("vm-bytes", "256M")))
    if call.memory["until"] is not None and call.now >= call.memory["until"]:
        call.machine.write(call.process, 1, f"stress: info: [{call.process['pid']}] successful run completed\n")
        return 0
    if workers["cpu"]:
        call.machine.fuel += 100  # it would go on at once: the container's allowance holds it back
    else:
        call.sleep(call.memory["until"])
    return None


def _take(call: Call, amount: int) -> None:
    call.process["takes"] = amount


def _options(call: Call) -> dict[str, str]:
    short = {"c": "cpu", "i": "io", "m": "vm", "d": "hdd", "t": "timeout"}
    found: dict[str, str] = {}
    words = list(call.args)
    while words:
        word = words.pop(0).lstrip("-")
        name, equals, value = word.partition("=")
        found[short.get(name, name)] = value if equals else words.pop(0) if words and words[0][:1] != "-" else ""
    return found


def _size(call: Call, text: str) -> int:
    return call.number(text.rstrip("BKMG") or "0") * UNITS.get(text[-1:], 1)


def _seconds(call: Call, text: str) -> int:
    return call.number(text.removesuffix("s")) * 1_000_000
