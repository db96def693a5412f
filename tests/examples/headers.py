#!/usr/bin/python3
"""Writes each public header's example to a folder, as a source that includes that header first; prints their names.

    headers.py INCLUDE FOLDER

Exits with 1 if a header has no example; those of gof::detail need none.
"""

import os
import re
import sys

EXAMPLE = re.compile(r"(?ms)^ *///? @code\n(.*?)^ *///? @endcode$")
INTERNAL = ["buffer_list.hpp", "completion_queue.hpp", "operation.hpp"]


def main():
    include, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    without = []
    for header in sorted(set(os.listdir(include)) - set(INTERNAL)):
        with open(os.path.join(include, header), encoding="utf-8") as f:
            examples = EXAMPLE.findall(f.read())
        if not examples:
            without.append(header)
        lines = re.sub(r"(?m)^ */// ?", "", "\n".join(examples))
        source = f"#include <gof/{header}>\n\n{lines}"
        name = header.removesuffix(".hpp")
        path = os.path.join(folder, f"{name}.cpp")
        if not os.path.exists(path) or open(path, encoding="utf-8").read() != source:  # otherwise it is compiled again
            with open(path, "w", encoding="utf-8") as f:
                f.write(source)
        print(name)
    for header in without:
        print(f"{header}: no example", file=sys.stderr)
    sys.exit(1 if without else 0)


if __name__ == "__main__":
    main()
