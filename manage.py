#!/usr/bin/env python
"""Django's command line. `--data DIR` works with every command: the folder where all state lives."""

import os
import sys


def take_data_option(argv: list[str]) -> None:
    """Move `--data DIR` into COPYDESK_DATA: settings read it before a command sees its arguments."""
    for position, word in enumerate(argv):
        if word == "--data" and position + 1 < len(argv):
            os.environ["COPYDESK_DATA"] = argv[position + 1]
            del argv[position : position + 2]
            return
        if word.startswith("--data="):
            os.environ["COPYDESK_DATA"] = word.partition("=")[2]
            del argv[position]
            return


def main() -> None:
    take_data_option(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
