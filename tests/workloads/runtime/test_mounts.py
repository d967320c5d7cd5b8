"""What a container sees of its volumes: room, modes, folders, mounts within mounts."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from tests.workloads.runtime.lab import START, Lab
from workloads.images import Image, find
from workloads.images.base import tree
from workloads.runtime import container
from workloads.runtime.files import SPACE, Files


def sh(script: str, mounts: dict[str, dict[str, str]], about: dict[str, Any] | None = None) -> Lab:
    lab = Lab("sh", "-c", script, mounts=mounts)
    image = find("busybox")
    assert isinstance(image, Image)
    spec: Body = {"name": "main", "command": ["sh", "-c", script]}
    more: Body = {"env": {}, "hostname": "web-0", "now": START, "seed": 7}
    lab.run = container.create(image, spec, mounts=mounts, about=about, **more)
    return lab.for_(5)


def test_a_volume_is_full_when_its_capacity_is_used() -> None:
    lab = sh("echo 12345678901 > /data/b; echo $?; echo 1 > /data/c; echo $?", {"/data": {"a": "123456789"}},
             {"/data": {"space": 20}})  # fmt: skip

    assert "No space left on device" in lab.err
    assert lab.out == "1\n0\n"


def test_what_one_volume_holds_takes_no_room_on_another() -> None:
    lab = sh("echo 1 > /other/x && echo 1 > /tmp/x && echo fine", {"/full": {"a": "x" * SPACE}, "/other": {}})

    assert lab.out == "fine\n"


def test_an_empty_folder_of_a_volume_is_kept() -> None:
    lab = sh("mkdir -p /data/a/b /data/c; echo 1 > /data/c/x", {"/data": {}})

    assert container.volume(lab.run, "/data") == {"a/b/": "", "c/x": "1\n"}


def test_a_kept_folder_can_be_entered_and_written_to() -> None:
    lab = sh("ls /data; ls /data/a; echo 1 > /data/a/x && ls /data/a", {"/data": {"a/": ""}})

    assert lab.out == "a\nx\n"


def test_a_script_without_the_executable_bit_is_refused() -> None:
    mounts = {"/bin1": {"run.sh": "#!/bin/sh\necho ran\n"}}

    plain = sh("/bin1/run.sh", mounts, {"/bin1": {"mode": 0o644}})
    executable = sh("/bin1/run.sh", mounts, {"/bin1": {"mode": 0o644, "modes": {"run.sh": 0o755}}})

    assert "Permission denied" in plain.err
    assert executable.out == "ran\n"


def test_of_mounts_within_mounts_the_innermost_counts() -> None:
    lab = sh("cat /a/b/x; ls /a", {"/a": {"y": "outer"}, "/a/b": {"x": "inner\n"}})

    assert lab.out == "inner\nb\ny\n"


def test_a_mounted_file_is_kept_as_one() -> None:
    lab = sh("echo new > /etc/app.conf", {"/etc/app.conf": {"": "old\n"}})

    assert container.volume(lab.run, "/etc/app.conf") == {"": "new\n"}


def test_a_file_that_is_replaced_takes_its_room_once() -> None:
    files = Files(find_tree(), {"/data": {"a": "x" * 15}}, {}, (), {"/data": {"space": 20}})

    files.write("/data/a", "y" * 20, 0)

    assert files.read("/data/a") == "y" * 20


def find_tree() -> Any:
    image = find("busybox")
    assert isinstance(image, Image)
    return tree(image)
