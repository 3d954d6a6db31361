#!/usr/bin/env python3
"""The built captures: what is hard to provoke, the same bytes each time.

    built.py FOLDER

Each function in built_frames.py and built_flows.py that is registered as a capture is one file: its name, with `-` for `_`,
and the suffix that it was registered with. Its first line says what the file shows.
"""

import pathlib
import sys

import built_flows  # registers its captures
import built_frames  # the same
from scene import CAPTURES


def main(folder):
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, make in CAPTURES.items():
        (target / name).write_bytes(make())


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: built.py FOLDER")
    main(sys.argv[1])
