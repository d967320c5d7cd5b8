"""ss, netstat, ip, ifconfig and route: the container's own network."""

from workloads.runtime.tool import Call, flags
from workloads.runtime.tools.options import read

MAC = "0a:58:{:02x}:{:02x}:{:02x}:{:02x}"


def address(call: Call) -> str:
    return str(call.machine.run.get("ip") or "")


def _listening(call: Call) -> list[tuple[int, str, int]]:
    """(port, program, pid) of who accepts connections in this container."""
    found = [
        (port, process["argv"][0].rpartition("/")[2], process["pid"])
        for process in call.machine.processes.values()
        if process["kind"] != "server" or process["up"] is not None
        for port, _ in process.get("ports", ())
    ]
    return sorted(found)


def netstat(call: Call) -> int:
    options, _ = read(call, {"listening": "l", "tcp": "t", "udp": "u", "numeric": "n", "programs": "p"}, "")
    if "r" in options:
        return route(call)
    only = "only servers" if "l" in options else "servers and established" if "a" in options else "w/o servers"
    call.out(f"Active Internet connections ({only})\n"
             "Proto Recv-Q Send-Q Local Address           Foreign Address         "
             f"State       {'PID/Program name' if 'p' in options else ''}".rstrip() + "\n")  # fmt: skip
    for port, name, pid in _listening(call) if "l" in options or "a" in options else ():
        program = f"{pid}/{name}" if "p" in options else ""
        call.out(f"tcp        0      0 {f'0.0.0.0:{port}':23} {'0.0.0.0:*':23} LISTEN      {program}".rstrip() + "\n")
    return 0


def ss(call: Call) -> int:
    options, _ = read(call, {"listening": "l", "tcp": "t", "udp": "u", "numeric": "n", "processes": "p"}, "")
    call.out("State   Recv-Q  Send-Q   Local Address:Port    Peer Address:Port  Process\n")
    for port, name, pid in _listening(call) if "l" in options or "a" in options else ():
        users = f'users:(("{name}",pid={pid},fd=6))' if "p" in options else ""
        call.out(f"LISTEN  0       511      {f'0.0.0.0:{port}':>18}    {'0.0.0.0:*':>17}  {users}".rstrip() + "\n")
    return 0


def ip(call: Call) -> int:
    words = [word for word in call.args if not word.startswith("-")]
    what = words[0] if words else ""
    if what and "address".startswith(what):
        call.out(_addresses(call))
    elif what and "route".startswith(what):
        call.out(_routes(call))
    elif what and "link".startswith(what):
        lines = _addresses(call).splitlines(keepends=True)
        call.out("".join(line for line in lines if "inet" not in line and "valid_lft" not in line))
    else:
        call.machine.write(call.process, 2, f'Object "{what}" is unknown, try "ip help".\n' if what
                           else "Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\n")  # fmt: skip
        return 1
    return 0


def _mac(found: str) -> str:
    return MAC.format(*(int(part) for part in found.split(".")))


def _gateway(found: str) -> str:
    return found.rpartition(".")[0] + ".1"


def _addresses(call: Call) -> str:
    found = address(call)
    loopback = (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000\n"
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
        "    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n"
    )
    if not found:
        return loopback
    broadcast = found.rpartition(".")[0] + ".255"
    return loopback + (
        "2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n"
        f"    link/ether {_mac(found)} brd ff:ff:ff:ff:ff:ff\n"
        f"    inet {found}/24 brd {broadcast} scope global eth0\n       valid_lft forever preferred_lft forever\n"
    )


def _routes(call: Call) -> str:
    found = address(call)
    if not found:
        return ""
    net = found.rpartition(".")[0] + ".0/24"
    return f"default via {_gateway(found)} dev eth0 \n{net} dev eth0 scope link  src {found} \n"


def ifconfig(call: Call) -> int:
    found = address(call)
    if found:
        call.out(f"eth0      Link encap:Ethernet  HWaddr {_mac(found).upper()}\n"
                 f"          inet addr:{found}  Bcast:{found.rpartition('.')[0]}.255  Mask:255.255.255.0\n"
                 "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n\n")  # fmt: skip
    call.out("lo        Link encap:Local Loopback\n          inet addr:127.0.0.1  Mask:255.0.0.0\n"
             "          UP LOOPBACK RUNNING  MTU:65536  Metric:1\n\n")  # fmt: skip
    return 0


def route(call: Call) -> int:
    flags(call.args)
    found = address(call)
    call.out("Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n")
    if found:
        net = found.rpartition(".")[0] + ".0"
        call.out(f"{'default':15} {_gateway(found):15} {'0.0.0.0':15} UG    0      0        0 eth0\n"
                 f"{net:15} {'*':15} {'255.255.255.0':15} U     0      0        0 eth0\n")  # fmt: skip
    return 0
