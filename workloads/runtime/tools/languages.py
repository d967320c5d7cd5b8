"""node, ruby, php, java, go, npm and pip: their versions, lines that only print, and a web server's first example."""

import re

from workloads.runtime.process import Program, become
from workloads.runtime.shell.scanner import unescape
from workloads.runtime.tool import Call

VERSIONS = {
    "node": "v{}\n", "ruby": "ruby {} (2025-09-16) +PRISM [x86_64-linux]\n", "go": "go version go{} linux/amd64\n",
    "php": "PHP {} (cli) (built: Sep 16 2025) (NTS)\nCopyright (c) The PHP Group\n", "npm": "10.9.3\n",
    "pip": "pip 25.2 from /usr/local/lib/python3/site-packages/pip (python 3)\n",
}  # fmt: skip
JAVA = (
    'openjdk version "{0}"\nOpenJDK Runtime Environment (build {0}+9)\n'
    "OpenJDK 64-Bit Server VM (build {0}+9, mixed mode)\n"
)
PRINTS = re.compile(
    r"""\s*(?:console\.log|console\.error|puts|print|echo|p|System\.out\.println)\s*\(?\s*("(?:\\.|[^"\\$])*"|'[^']*'|`[^`$]*`)\s*\)?\s*(?:;|\n|$)"""
)
LISTENS = re.compile(
    r"\.listen\(\s*(?:process\.env\.PORT\s*\|\|\s*)?(\d{2,5})|(?:const|let|var)\s+port\s*=\s*(?:process\.env\.PORT\s*\|\|\s*)?(\d{2,5})",
    re.I,
)


def language(call: Call) -> int | None:
    words = call.args
    if words[:1] in (["-v"], ["--version"], ["-V"], ["version"], ["-version"]):
        if call.name == "java":
            call.machine.write(call.process, 2, JAVA.format(call.machine.image.version))
        else:
            call.out(VERSIONS[call.name].format(call.machine.image.version))
        return 0
    if words[:1] in (["-e"], ["-r"], ["-p"], ["--eval"]) and len(words) > 1:
        return _prints(call, words[1])
    script = next((word for word in words if not word.startswith("-")), "")
    if not script or call.name in ("go", "npm", "pip", "java"):
        return _refuse(call, "programs are not built or run in this simulated container")
    text = call.files.read(call.path(script))
    if text is None:
        return _refuse(call, f"cannot find '{script}'")
    if call.name == "node" and LISTENS.search(text) and ("createServer" in text or "express" in text):
        argv = (call.process["argv"][0], call.path(script))
        become(call.machine, call.process, Program("server", "node-script", argv), call.env)
        return None
    return _prints(call, text)


def _prints(call: Call, text: str) -> int:
    rest = text.strip().removeprefix("<?php").strip()
    while rest:
        found = PRINTS.match(rest)
        if found is None:
            return _refuse(
                call, f"this simulated {call.name} only prints texts, it does not know: {rest.splitlines()[0][:60]}"
            )
        newline = "" if call.name == "php" or rest.startswith("print") else "\n"
        call.out((unescape(found[1][1:-1]) if found[1][0] != "'" else found[1][1:-1]) + newline)
        rest = rest[found.end() :].strip()
    return 0


def _refuse(call: Call, why: str) -> int:
    call.machine.write(call.process, 2, f"{call.name}: {why}\n")
    return 1
