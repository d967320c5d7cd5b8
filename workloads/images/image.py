"""What the catalogue knows of one image: the record that the kubelet and the runtime read."""

from collections.abc import Mapping
from dataclasses import dataclass

from clusters.reconcile.clock import Time


@dataclass(frozen=True, slots=True)
class Listen:
    port: int  # 0: the behaviour takes it from the arguments or the container's ports
    behaviour: str


@dataclass(frozen=True, slots=True)
class Stop:
    """How the main program ends: the signals it handles, how long that takes, its exit code and last words."""

    signals: tuple[str, ...] = ()
    takes: Time = 0
    code: int = 0
    logs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Serves:
    """What a request costs, and how many it can work on."""

    takes: Time = 0  # from the request to the answer when nobody else asks
    at_once: int = 1  # more have to wait
    cpu: Time = 0  # of one CPU


@dataclass(frozen=True, slots=True)
class Need:
    """A place where the main program must be able to write, and its last words where it is not."""

    path: str
    says: str  # with {errno} and {problem}


@dataclass(frozen=True, slots=True)
class Image:
    name: str  # normalised, as containerd tells it: docker.io/library/nginx:1.27
    repository: str
    tag: str  # for a reference by digest, that of the catalogue's first image of the family
    digest: str  # sha256:...
    version: str  # of the program inside, whatever the tag is called
    size: int  # bytes, compressed
    pull: Time  # how long the pull takes at BANDWIDTH
    start: Time  # from the start of the main program until it listens
    logs: tuple[str, ...]  # what the main program says when it is up
    entrypoint: tuple[str, ...]
    cmd: tuple[str, ...]
    env: Mapping[str, str]
    workdir: str
    base: str  # the distribution it is built from: its commands, folders and files
    programs: Mapping[
        str, str
    ]  # command -> "server" (the main program) or "wrapper" (runs its arguments); "*": any other
    files: Mapping[str, str]
    listens: tuple[Listen, ...]
    cpu: int  # millicores that the idle main program uses
    memory: int  # bytes that the main program uses
    serves: Serves
    stop: Stop
    needs: tuple[Need, ...] = ()  # what the main program writes before it does anything else
    user: str = ""  # whom it runs as, as its Dockerfile says: "", "101", "101:101", "nonroot"

    @property
    def id(self) -> str:
        """The imageID of a container's status."""
        return f"{self.repository}@{self.digest}"


@dataclass(frozen=True, slots=True)
class Missing:
    """An image that cannot be pulled, with containerd's message."""

    message: str
