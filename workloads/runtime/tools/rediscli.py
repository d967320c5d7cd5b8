"""redis-cli, as far as a probe needs it: PING to a server in the same container."""

from workloads.runtime.tool import Call, flags

HERE = ("", "localhost", "127.0.0.1")


def redis_cli(call: Call) -> int:
    options, words = flags(call.args, takes="hpan")
    port = call.number(options.get("p") or "6379")
    if options.get("h", "") not in HERE:
        return call.usage(f"Could not connect to Redis at {options['h']}:{port}: Name or service not known")
    servers = [process for process in call.machine.processes.values() if process["kind"] == "server"]
    if port not in [number for process in servers for number, _ in process["ports"]]:
        call.machine.write(call.process, 2, f"Could not connect to Redis at 127.0.0.1:{port}: Connection refused\n")
        return 1
    name = words[0].upper() if words else ""
    if name == "PING":
        call.out((words[1] if len(words) > 1 else "PONG") + "\n")
        return 0
    call.out(f"(error) ERR '{name}' is not supported here\n")
    return 1
