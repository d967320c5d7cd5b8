"""ping and traceroute."""

from clusters.kernel import Request
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from workloads.runtime import dialling
from workloads.runtime.numbers import decimal
from workloads.runtime.tool import GNU, Call, flags

ECHO = Request("icmp", 0)


def ping(call: Call) -> int | None:
    options, words = flags(call.args, takes="cwWisIt")
    if not words:
        return call.usage("usage: ping [-c COUNT] HOST")
    name, memory = words[0], call.memory
    if "address" not in memory and (code := _begin(call, name)) is not None:
        return code
    address, sent = memory["address"], memory["sent"]
    if call.now < memory["next"]:
        call.sleep(memory["next"])
        return None
    last = call.number(options["c"]) if "c" in options else None
    over = "w" in options and call.now - memory["began"] >= call.number(options["w"]) * SECOND
    if (last is not None and sent >= last) or over:
        return _statistics(call, name)
    outcome = dialling.send(call, address, ECHO)
    took = max(outcome.takes, 40)
    memory["sent"] = sent + 1
    if outcome.ok:
        memory["got"] += 1
        memory["times"] = [*memory["times"][-99:], took]
        sequence = f"icmp_seq={sent + 1}" if call.machine.image.base in GNU else f"seq={sent}"
        call.out(f"64 bytes from {address}: {sequence} ttl=63 time={took // MILLISECOND}.{took % MILLISECOND:03} ms\n")
    elif outcome.reason == "network is unreachable":
        call.complain("sendto: Network is unreachable" if call.machine.image.base not in GNU
                      else "connect: Network is unreachable")  # fmt: skip
        return 1
    is_last = last is not None and sent + 1 >= last
    waits = decimal(options.get("W") or "10") or 10.0
    pause = round((decimal(options.get("i") or "1") or 0.2) * SECOND)
    memory["next"] = call.now + (
        (took if outcome.ok else round(waits * SECOND)) if is_last else max(pause, SECOND // 10)
    )
    call.sleep(memory["next"])
    return None


def _begin(call: Call, name: str) -> int | None:
    address, _, took = dialling.resolve(call, name)
    if address is None:
        if call.machine.image.base in GNU:
            call.complain(f"{name}: Name or service not known")
            return 2
        return call.usage(f"bad address '{name}'")
    call.memory.update(address=address, sent=0, got=0, times=[], next=call.now + took, began=call.now)
    bytes_ = "56(84) bytes of data." if call.machine.image.base in GNU else "56 data bytes"
    call.out(f"PING {name} ({address}){':' if call.machine.image.base not in GNU else ''} {bytes_}\n")
    return None


def _statistics(call: Call, name: str) -> int:
    memory = call.memory
    sent, got, times = memory["sent"], memory["got"], memory["times"]
    lost = (sent - got) * 100 // sent if sent else 0
    is_gnu = call.machine.image.base in GNU
    received = f"{got} received" if is_gnu else f"{got} packets received"
    spent = f", time {(call.now - memory['began']) // MILLISECOND}ms" if is_gnu else ""
    call.out(f"\n--- {name} ping statistics ---\n{sent} packets transmitted, {received}, {lost}% packet loss{spent}\n")
    if times:
        three = "/".join(_ms(time) for time in (min(times), sum(times) // len(times), max(times)))
        call.out(f"rtt min/avg/max/mdev = {three}/0.000 ms\n" if is_gnu else f"round-trip min/avg/max = {three} ms\n")
    return 0 if got else 1


def _ms(time: Time) -> str:
    return f"{time // MILLISECOND}.{time % MILLISECOND:03}"


def traceroute(call: Call) -> int | None:
    _, words = flags(call.args, takes="mqwpf")
    if not words:
        return call.usage("usage: traceroute HOST")
    found = dialling.dial(call, words[0], ECHO, patience=5 * SECOND)
    if found is None:
        return None
    if found.reason == "bad address":
        return call.usage(f"bad address '{words[0]}'")
    call.out(f"traceroute to {words[0]} ({found.address}), 30 hops max, 46 byte packets\n")
    if not found.ok:
        call.out("".join(f"{hop:2}  *  *  *\n" for hop in range(1, 31)))
        return 0
    took = _ms(max(found.took - found.lookup, 40))
    call.out(f" 1  {found.address} ({found.address})  {took} ms  {took} ms  {took} ms\n")
    return 0
