"""Builtins about where one is: cd, umask."""

from workloads.runtime.shell.interpreter import Shell


def cd(shell: Shell, argv: list[str]) -> int:
    wanted = argv[1] if len(argv) > 1 else shell.get("HOME") or "/"
    if wanted == "-":
        wanted = shell.get("OLDPWD") or "/"
    path = shell.path(wanted)
    if not shell.machine.files.is_folder(path):
        missing = not shell.machine.files.exists(path)
        shell.say(f"cd: can't cd to {wanted}: {'No such file or directory' if missing else 'Not a directory'}")
        return 2
    shell.set("OLDPWD", shell.p["cwd"])
    shell.p["cwd"] = path
    return 0


def ulimit(shell: Shell, argv: list[str]) -> int:
    if len(argv) < 3:
        shell.machine.write(shell.p, 1, "1048576\n" if "-n" in argv else "unlimited\n")
    return 0


def umask(shell: Shell, argv: list[str]) -> int:
    if len(argv) == 1:
        shell.machine.write(shell.p, 1, "0022\n")
    return 0
