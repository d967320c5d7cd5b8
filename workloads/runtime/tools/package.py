"""apt-get, apk, yum and their like: packages that tutorials install arrive after a while and bring their tools."""

from clusters.reconcile.clock import SECOND
from workloads.runtime.errors import FileProblem
from workloads.runtime.tool import Call

# package -> the tools that it brings; an empty list: it installs, and nothing of it is simulated
PACKAGES = {
    "curl": ["curl"], "wget": ["wget"], "jq": [], "vim": [], "nano": [], "git": [], "less": ["less"],
    "procps": ["ps", "top", "free", "pgrep", "pkill", "watch", "uptime", "sysctl"],
    "procps-ng": ["ps", "top", "free", "pgrep", "pkill", "watch", "uptime", "sysctl"],
    "htop": ["top"], "iputils-ping": ["ping"], "iputils": ["ping"], "inetutils-ping": ["ping"],
    "dnsutils": ["dig", "nslookup", "host"], "bind9-dnsutils": ["dig", "nslookup", "host"],
    "bind-tools": ["dig", "nslookup", "host"], "bind-utils": ["dig", "nslookup", "host"], "bind9-host": ["host"],
    "net-tools": ["netstat", "ifconfig", "route"], "iproute2": ["ip", "ss"], "iproute": ["ip", "ss"],
    "netcat": ["nc"], "netcat-openbsd": ["nc"], "netcat-traditional": ["nc"], "nmap-ncat": ["nc"],
    "telnet": ["telnet"], "busybox-extras": ["telnet"], "traceroute": ["traceroute"],
    "redis-tools": ["redis-cli"], "redis": ["redis-cli"], "postgresql-client": ["psql", "pg_isready"],
    "mysql-client": ["mysql", "mysqladmin"], "mariadb-client": ["mysql", "mysqladmin"],
    "default-mysql-client": ["mysql", "mysqladmin"], "stress": ["stress"], "stress-ng": ["stress"],
    "bash": ["bash"], "coreutils": [], "ca-certificates": [], "openssl": [], "gnupg": [], "lsb-release": [],
    "apt-transport-https": [], "software-properties-common": [], "sudo": ["sudo"], "tree": ["tree"],
    "python3": ["python3"], "python3-pip": [], "nginx": [], "apache2": [], "util-linux": [], "findutils": [],
    "tar": ["tar"], "gzip": ["gzip"], "unzip": [], "file": [], "xxd": ["xxd"], "bsdmainutils": ["hexdump", "column"],
}  # fmt: skip
SOUGHT = {"curl": "8.5.0", "wget": "1.21.4"}


def apt(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith("-")]
    verb, names = words[0] if words else "", words[1:]
    if call.machine.run["user"]["uid"] != 0:
        lock = "/var/lib/dpkg/lock-frontend" if verb == "install" else "/var/lib/apt/lists/lock"
        call.machine.write(call.process, 2, f"E: Could not open lock file {lock} - open (13: Permission denied)\n")
        return 100
    if verb == "update":
        return _update(call)
    if verb in ("install", "reinstall"):
        return _install(call, names, _apt_words)
    if verb in ("clean", "autoremove", "autoclean", "remove", "purge", "upgrade", "dist-upgrade"):
        call.out("Reading package lists...\nBuilding dependency tree...\nReading state information...\n"
                 "0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n")  # fmt: skip
        return 0
    call.machine.write(call.process, 2, f"E: Invalid operation {verb}\n")
    return 100


def _update(call: Call) -> int | None:
    if not _takes(call, 2 * SECOND):
        return None
    call.out("Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]\n"
             "Get:2 http://deb.debian.org/debian bookworm/main amd64 Packages [8790 kB]\n"
             "Fetched 8941 kB in 2s (4470 kB/s)\nReading package lists...\n")  # fmt: skip
    call.change("write", "/var/lib/apt/lists/podium", "read\n", call.now)
    return 0


def apk(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith("-")]
    verb, names = words[0] if words else "", words[1:]
    if call.machine.run["user"]["uid"] != 0:
        call.machine.write(call.process, 2, "ERROR: Unable to lock database: Permission denied\n"
                           "ERROR: Failed to open apk database: Permission denied\n")  # fmt: skip
        return 99
    if verb in ("update", "upgrade"):
        if not _takes(call, SECOND):
            return None
        call.out("fetch https://dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz\n"
                 "OK: 26330 distinct packages available\n")  # fmt: skip
        return 0
    if verb == "add":
        return _install(call, names, _apk_words)
    if verb == "del":
        call.out("OK: 8 MiB in 15 packages\n")
        return 0
    call.machine.write(call.process, 2, f"ERROR: '{verb}' is not an apk command. See 'apk --help'.\n")
    return 1


def yum(call: Call) -> int | None:
    words = [word for word in call.args if not word.startswith("-")]
    if words[:1] == ["install"]:
        return _install(call, words[1:], _yum_words)
    call.out("Complete!\n")
    return 0


def _takes(call: Call, duration: int) -> bool:
    """True when so much time has passed since it began."""
    begun = call.memory.setdefault("begun", call.now)
    if call.now < begun + duration:
        call.sleep(begun + duration)
        return False
    return True


def _install(call: Call, names: list[str], words: type["_Words"]) -> int | None:
    """It is fetched and unpacked, or nothing of it when one is unknown."""
    say = words(call)
    asked = [name.partition("=")[0].partition(":")[0] for name in names]
    unknown = [name for name in asked if name not in PACKAGES]
    is_stale = call.name.startswith("apt") and not call.files.exists("/var/lib/apt/lists/podium")
    if unknown or (is_stale and asked):
        return say.unknown(unknown or asked)
    if not _takes(call, (2 + len(asked)) * SECOND):
        return None
    for tool in [tool for name in asked for tool in PACKAGES[name]]:
        try:
            call.files.install(f"/usr/bin/{tool}", tool, call.now)
        except FileProblem as problem:
            return call.usage(str(problem))
    say.done(asked)
    return 0


class _Words:
    """How a package manager says it."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def unknown(self, names: list[str]) -> int:
        raise NotImplementedError

    def done(self, names: list[str]) -> None:
        raise NotImplementedError


class _apt_words(_Words):  # noqa: N801
    def unknown(self, names: list[str]) -> int:
        self.call.out("Reading package lists...\nBuilding dependency tree...\nReading state information...\n")
        for name in names:
            self.call.machine.write(self.call.process, 2, f"E: Unable to locate package {name}\n")
        return 100

    def done(self, names: list[str]) -> None:
        new = "".join(f"Setting up {name} ({SOUGHT.get(name, '1.0')}-1) ...\n" for name in names)
        self.call.out("Reading package lists...\nBuilding dependency tree...\nReading state information...\n"
                      f"The following NEW packages will be installed:\n  {' '.join(sorted(names))}\n"
                      f"0 upgraded, {len(names)} newly installed, 0 to remove and 0 not upgraded.\n{new}")  # fmt: skip


class _apk_words(_Words):  # noqa: N801
    def unknown(self, names: list[str]) -> int:
        missing = "".join(f"  {name} (no such package):\n    required by: world[{name}]\n" for name in names)
        self.call.machine.write(self.call.process, 2, f"ERROR: unable to select packages:\n{missing}")
        return len(names)

    def done(self, names: list[str]) -> None:
        lines = "".join(
            f"({at}/{len(names)}) Installing {name} ({SOUGHT.get(name, '1.0')}-r0)\n"
            for at, name in enumerate(names, 1)
        )
        self.call.out("fetch https://dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz\n"
                      f"{lines}Executing busybox-1.37.0-r18.trigger\n"
                      f"OK: {8 + 4 * len(names)} MiB in {15 + len(names)} packages\n")  # fmt: skip


class _yum_words(_Words):  # noqa: N801
    def unknown(self, names: list[str]) -> int:
        for name in names:
            self.call.out(f"No match for argument: {name}\n")
        self.call.machine.write(self.call.process, 2, f"Error: Unable to find a match: {' '.join(names)}\n")
        return 1

    def done(self, names: list[str]) -> None:
        self.call.out("Installed:\n" + "".join(f"  {name}\n" for name in names) + "\nComplete!\n")
