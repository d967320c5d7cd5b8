"""busybox: every tool of it by the tool's name."""

from workloads.runtime.tool import Call


def busybox(call: Call) -> int | None:
    if not call.args:
        names = sorted(name for names in call.machine.base.commands.values() for name in names)
        call.out(f"BusyBox v{call.machine.image.version} multi-call binary.\n\n"
                 f"Usage: busybox [function [arguments]...]\n\n"
                 f""
                 f"Currently defined functions:\n\t{', '.join(names)}\n")  # fmt: skip
        return 0
    return call.become(call.args, call.env)
