"""stress: takes CPU and memory, as the documentation's examples of limits do. Too much memory ends the container."""

from clusters.kinds.quantity import parse as quantity
from workloads.runtime.numbers import decimal
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


def vish(call: Call) -> int | None:
    """vish/stress: -cpus N, and -mem-total SIZE, taken in steps of -mem-alloc-size, one each -mem-alloc-sleep."""
    options = {key.lstrip("-"): value for key, value in zip(call.args, call.args[1:], strict=False) if key[:1] == "-"}
    options |= dict(word.lstrip("-").partition("=")[::2] for word in call.args if "=" in word)
    total, step = (int(quantity(options.get(name, "4Ki"))) for name in ("mem-total", "mem-alloc-size"))
    total = total if "mem-total" in options else 0
    shown = options.get("mem-total", "0")
    if "held" not in call.memory:
        call.memory.update(held=0, next=call.now)
        call.machine.write(call.process, 2, f'Allocating "{shown}" memory, in "{step}" chunks\n')
    if call.memory["held"] < total and call.now >= call.memory["next"]:
        call.memory["held"] = min(total, call.memory["held"] + max(step, total // 1000))
        call.memory["next"] = call.now + max(_pause(options.get("mem-alloc-sleep", "1ms")), 1000)
        _take(call, call.memory["held"])
        if call.memory["held"] >= total:
            call.machine.write(call.process, 2, f'Allocated "{shown}" memory\n')
    if call.number(options.get("cpus", "0")) > 0:
        call.machine.fuel += 100
    else:
        call.sleep(call.memory["next"] if call.memory["held"] < total else None)
    return None


def _pause(text: str) -> int:
    factor = 1000 if text.endswith("ms") else 1_000_000
    return round((decimal(text.removesuffix("ms").removesuffix("s")) or 0.0) * factor)


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
