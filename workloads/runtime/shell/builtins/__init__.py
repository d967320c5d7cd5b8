"""The shell's own commands, listed by hand. Each takes the shell and its words; gives an exit code, MOVED or AGAIN."""

from collections.abc import Callable, Mapping

from workloads.runtime.shell.builtins.flow import break_, continue_, eval_, exec_, exit_, return_, source
from workloads.runtime.shell.builtins.job import jobs, kill, trap, wait
from workloads.runtime.shell.builtins.place import cd, ulimit, umask
from workloads.runtime.shell.builtins.read import read
from workloads.runtime.shell.builtins.variable import declare, export, getopts, let, local, readonly, set_, shift, unset
from workloads.runtime.shell.interpreter import Shell

BUILTINS: Mapping[str, Callable[[Shell, list[str]], int]] = {
    ".": source,
    ":": lambda shell, argv: 0,
    "break": break_,
    "alias": lambda shell, argv: 0,
    "bg": lambda shell, argv: 0,
    "cd": cd,
    "continue": continue_,
    "declare": declare,
    "disown": lambda shell, argv: 0,
    "eval": eval_,
    "exec": exec_,
    "exit": exit_,
    "export": export,
    "getopts": getopts,
    "hash": lambda shell, argv: 0,
    "jobs": jobs,
    "kill": kill,
    "let": let,
    "local": local,
    "read": read,
    "readonly": readonly,
    "return": return_,
    "set": set_,
    "shift": shift,
    "shopt": lambda shell, argv: 0,
    "source": source,
    "times": lambda shell, argv: 0,
    "trap": trap,
    "typeset": declare,
    "ulimit": ulimit,
    "umask": umask,
    "unset": unset,
    "wait": wait,
}
