#!/usr/bin/env python
"""Django's entry; `manage.py play` supervises a whole single-machine Podium and imports no Django."""

import os
import sys

from playground.supervise.environment import Trouble


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "playground.settings")
    if sys.argv[1:2] == ["play"]:
        from playground.supervise.play import main as play

        sys.exit(play(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Trouble as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
