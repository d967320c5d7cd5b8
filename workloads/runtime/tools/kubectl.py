"""kubectl inside a container: there is no simulated client for it here, and it says so."""

from workloads.runtime.tool import Call


def kubectl(call: Call) -> int:
    if call.args[:1] == ["version"]:
        version = call.machine.image.version
        call.out(f"Client Version: v{version}\nKustomize Version: v5.7.1\n")
        if "--client" in call.args:
            return 0
    call.machine.write(call.process, 2, "error: kubectl inside a simulated container cannot reach the API; "
                       "use the terminal of the page, or kubectl on your own machine\n")  # fmt: skip
    return 1
