"""How one step of a process can fail, as values of the machine: each is caught where the step is made."""


class FileProblem(Exception):
    """A file cannot be opened, written or removed; the text is the C library's ("No such file or directory")."""


class Usage(Exception):
    """A command line makes no sense; the text says why. Exit code 1."""


class BrokenPipe(Exception):
    """Nobody reads what this process writes: SIGPIPE."""


class Exited(Exception):
    """The process has ended, has become another program or is done with this one: nothing more runs in this turn."""
