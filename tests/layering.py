#!/usr/bin/python3
"""Checks the layering: which layer may include which, what cores must not use, and that src/README.md shows it. Without
arguments it checks this file's tree; `--write` draws the layers in that page again; `--self-check` builds trees that
break each rule, and checks that each is reported."""

import argparse
import os
import re
import sys
import tempfile

# From the bottom up: what each layer may use. Dependencies point down only; layers on one floor do not know each other.
LAYERS = {
    "base": [],
    "wire": ["base"],
    "secure": ["base", "wire"],
    "link": ["base", "wire", "secure"],
    "session": ["base", "wire", "secure"],
    "mesh": ["base", "wire", "secure"],
    "sctp": ["base"],
    "mux": ["base", "wire"],
    "node": ["base", "wire", "secure", "link", "session", "mesh", "sctp", "mux"],
    "state": ["base", "wire", "secure"],
    "dial": ["base"],
    "net": ["base", "wire", "secure", "link", "session", "mesh", "sctp", "mux", "node", "state", "dial"],
    "os": ["base", "dial"],
    "log": ["base", "dial", "net", "os"],
    "forward": ["base", "dial", "net", "log"],
    "config": ["base", "forward"],
    "control": ["base", "dial", "net", "log", "forward"],
    "demo": ["base", "net"],
    "daemon": ["base", "wire", "secure", "state", "dial", "net", "os", "log", "forward", "control"],
    "cli": ["base", "wire", "secure", "state", "dial", "net", "os", "log", "forward", "config", "control", "demo",
            "daemon"],
    "pages": ["base", "cli"],
}

# Linked, but used only through the public headers (<gof/...>), as any other program would.
ONLY_PUBLIC = {"log": ["net"], "forward": ["net"], "control": ["net"], "demo": ["net"]}

# What a command runs once it is parsed. It includes no parser, neither of the command line nor of a file.
RUNTIME = ["os", "log", "forward", "control", "daemon"]
PARSERS = ["config", "cli"]

# Which folders of a layer may use which; files next to the folders may use all.
ROOMS = {"cli": {"arguments": [], "output": ["arguments"], "commands": ["arguments", "output"]}}

CORES = ["base", "wire", "secure", "link", "session", "mesh", "sctp", "mux", "node"]

# Nothing with I/O, a clock, threads, locks, logs or random numbers of its own.
FORBIDDEN_HEADERS = re.compile(
    r"^(boost/asio.*|boost/thread.*|boost/log.*|boost/chrono.*|spdlog/.*|gof/.*"
    r"|thread|mutex|shared_mutex|condition_variable|future|atomic|semaphore|latch|barrier|stop_token"
    r"|random|iostream|fstream|filesystem|syncstream|ctime|time\.h|sys/time\.h|pthread\.h|unistd\.h|sys/socket\.h)$")
FORBIDDEN_WORDS = re.compile(
    r"\b(steady_clock::now|system_clock|high_resolution_clock|clock_gettime|gettimeofday|std::time\s*\(|random_device"
    r"|std::cout|std::cerr|printf\s*\(|thread_local)")
# usrsctp is a C library with its own clock, locks and addresses; the layer around it may touch these.
EXCEPT = {"sctp": re.compile(r"^(sys/socket\.h|sys/time\.h|atomic|mutex)$")}

# The nouns of src/node: each changes only itself. Listed are the other nouns whose headers it may include, among them
# its own parts. Only the composition knows all.
NOUNS = {
    "link_table": ["admission", "link_event"],
    "dial_list": ["dial_plan"],
    "guest_list": ["link_table", "shown_tickets"],
    "guest_pass": ["shown_tickets"],
    "router": ["link_table"],
    "session_table": ["half_open", "path_choice", "remote", "session_index"],
    "stream_table": [],
    "flow_table": ["inflows", "passages"],
    "inflows": [],
    "passages": ["turn_share"],
    "control_queues": [],
    "relay": ["guest_list", "link_table"],
    "egress": ["turn_share"],
    "retiring_links": [],
    "remote": ["sent_packets", "turn_share"], "sent_packets": [],
    "admission": [], "link_event": [], "dial_plan": [], "half_open": [], "path_choice": [], "session_index": [], "shown_tickets": [], "turn_share": [],
}
# Values that all may use.
NODE_VALUES = ["config", "event", "stream_event", "path", "crypto_credentials", "snapshot", "flow_key", "waiting_packet"]
# How a noun could change another: through a reference or pointer to it that is not const.
CHANGES = re.compile(r"(?<!const )\b(?:core::)?(" + "|".join([*NOUNS, "node", "composition", "mesh"]) + r")\s*[&*](?!&)\s*\w")
# Parts that a noun owns, but hands out to the composition, which works with them.
OWN = {"session_table": ["remote"], "remote": ["sent_packets", "turn_share"], "egress": ["turn_share"]}

# Lines, at most: what is longer holds a second noun. Public headers are as long as what they explain.
LONGEST = {".hpp": 150, ".cpp": 320}

SOURCE = re.compile(r"\.(hpp|cpp|h|c|ipp)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


# Folders of src without code.
NO_LAYERS = ["package"]


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def declared_uses(root):
    """The USES of every gof_layer() in src/*/CMakeLists.txt."""
    found = {}
    for layer in sorted(os.listdir(os.path.join(root, "src"))):
        path = os.path.join(root, "src", layer, "CMakeLists.txt")
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8") as f:
            text = re.sub(r"#[^\n]*", "", f.read())
        call = re.search(r"gof_layer\s*\(\s*(\w+)([^)]*)\)", text)
        if call is None:  # only the program, which is no layer
            continue
        uses = re.search(r"\bUSES\b((?:\s+(?!SOURCES\b|LIBRARIES\b)[\w]+)*)", call.group(2))
        found[call.group(1)] = uses.group(1).split() if uses else []
    return found


def reach(uses, layer, seen=None):
    """All layers below, through any number of USES."""
    seen = set() if seen is None else seen
    for below in uses.get(layer, []):
        if below not in seen:
            seen.add(below)
            reach(uses, below, seen)
    return seen


def check_graph(root, uses, wrong):
    order = list(LAYERS)
    for layer in sorted(os.listdir(os.path.join(root, "src"))):
        if os.path.isdir(os.path.join(root, "src", layer)) and layer not in [*LAYERS, *NO_LAYERS]:
            wrong.append(f"src/{layer}: a layer that the list in {os.path.basename(__file__)} does not know")
    for layer, below in uses.items():
        for used in below:
            if layer in LAYERS and used not in LAYERS[layer]:
                wrong.append(f"src/{layer}/CMakeLists.txt: {layer} may not use {used}")
            elif used in order and layer in order and order.index(used) >= order.index(layer):
                wrong.append(f"src/{layer}/CMakeLists.txt: {used} is not below {layer}")
        if layer in RUNTIME and any(parser in reach(uses, layer) for parser in PARSERS):
            wrong.append(f"src/{layer}/CMakeLists.txt: {layer} is of the runtime, which links no parser")
        if layer in reach(uses, layer):
            wrong.append(f"src/{layer}/CMakeLists.txt: {layer} reaches itself: a cycle")


def check_room(name, path, header, wrong):
    """`path` and `header` are relative to src: "cli/arguments/a.cpp", "cli/output/b.hpp"."""
    layer, room = path.split("/")[:2]
    other, *inside = header.split("/")[:-1]
    if room in ROOMS.get(layer, {}) and other == layer and "".join(inside) not in [room, *ROOMS[layer][room]]:
        wrong.append(f'{name}: includes "{header}", which {layer}/{room} may not use')


def check_include(name, layer, quote, header, reached, ours, wrong):
    if header == "usrsctp.h" and layer != "sctp":
        wrong.append(f"{name}: usrsctp.h belongs to src/sctp alone")
    excepted = layer in EXCEPT and EXCEPT[layer].match(header)
    if layer in CORES and FORBIDDEN_HEADERS.match(header) and not excepted:
        wrong.append(f"{name}: a core does not include <{header}>")
    first = header.split("/")[0]
    if quote == '"' and (first not in LAYERS or "/" not in header or ".." in header):
        wrong.append(f'{name}: "{header}" does not name its layer')
    elif quote == '"' and layer in RUNTIME and first in PARSERS:
        wrong.append(f'{name}: includes "{header}"; the runtime includes no parser')
    elif quote == '"' and first != layer:
        if first not in reached:
            wrong.append(f'{name}: includes "{header}", and {layer} does not use {first}')
        elif first not in LAYERS.get(layer, []):
            wrong.append(f'{name}: includes "{header}", which {layer} may not know')
        elif first in ONLY_PUBLIC.get(layer, []):
            wrong.append(f'{name}: includes "{header}"; {layer} knows {first} by the public headers <gof/...> alone')
    elif quote == "<" and header in ours:
        wrong.append(f"{name}: <{header}> is ours: in quotes")


def check_noun(name, noun, line, include, wrong):
    if include and include.group(2).startswith("node/"):
        other = include.group(2)[len("node/"):].removesuffix(".hpp")
        if other not in [noun, *NOUNS[noun], *NODE_VALUES]:
            wrong.append(f'{name}: {noun} may not know "{include.group(2)}"')
    for changed in CHANGES.findall(line):
        if changed not in [noun, *OWN.get(noun, [])]:
            wrong.append(f"{name}: {noun} could change a {changed}")


def check_length(name, text, wrong):
    most = LONGEST.get(os.path.splitext(name)[1])
    if most and text.count("\n") > most:
        wrong.append(f"{name}: {text.count(chr(10))} lines are more than {most}; find its second noun")


def our_headers(root):
    src = os.path.join(root, "src")
    return {os.path.relpath(os.path.join(at, file), src) for at, _, files in os.walk(src) for file in files}


def check_sources(root, uses, wrong):
    count = 0
    ours = our_headers(root)
    for layer in uses:
        reached = reach(uses, layer)
        for at, _, files in os.walk(os.path.join(root, "src", layer)):
            for file in sorted(files):
                if not SOURCE.search(file):
                    continue
                count += 1
                path = os.path.join(at, file)
                with open(path, encoding="utf-8") as f:
                    text = f.read()
                check_length(os.path.relpath(path, root), text, wrong)
                text = without_comments(text)
                for number, line in enumerate(text.split("\n"), 1):
                    name = f"{os.path.relpath(path, root)}:{number}"
                    include = INCLUDE.match(line)
                    noun = os.path.splitext(file)[0]
                    if layer == "node" and noun in NOUNS:
                        check_noun(name, noun, line, include, wrong)
                    if include:
                        check_include(name, layer, include.group(1), include.group(2), reached, ours, wrong)
                    if include and "/" in include.group(2):
                        check_room(name, os.path.relpath(path, os.path.join(root, "src")), include.group(2), wrong)
                    word = FORBIDDEN_WORDS.search(line) if layer in CORES else None
                    if word:
                        wrong.append(f"{name}: a core does not use {word.group(1)}")
    return count


def check_public(root, wrong):
    """Public headers expose nothing of the layers."""
    folder = os.path.join(root, "include", "gof")
    for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, file), encoding="utf-8") as f:
            text = without_comments(f.read())
        for number, line in enumerate(text.split("\n"), 1):
            include = INCLUDE.match(line)
            if include and (include.group(1) == '"' or include.group(2).split("/")[0] in LAYERS
                            or include.group(2).startswith(("spdlog", "openssl", "usrsctp"))):
                wrong.append(f"include/gof/{file}:{number}: a public header includes {include.group(2)}")


def check(root):
    wrong = []
    uses = declared_uses(root)
    check_graph(root, uses, wrong)
    count = check_sources(root, uses, wrong)
    check_public(root, wrong)
    check_drawing(root, wrong)
    return wrong, len(uses), count


# ---- the drawing in src/README.md

PAGE = os.path.join("src", "README.md")
DRAWING = re.compile(r"(?s)(<!-- layers -->\n).*?(<!-- /layers -->)")
ROW = re.compile(r"(?m)^\| `(\w+)` \| (.*?) \| ")


def floor(layer):
    """0 for a layer that uses nothing, otherwise one above the highest that it uses."""
    return 1 + max((floor(below) for below in LAYERS[layer]), default=-1)


def drawing(text):
    """The text between the marks: the floors, and a row for each layer with the description that `text` has of it."""
    words = dict(ROW.findall(text))
    lines = ["```", f"floor   {'cores: no I/O, no clock, no thread':<40}shell"]
    for level in range(max(map(floor, LAYERS)), -1, -1):
        there = [layer for layer in LAYERS if floor(layer) == level]
        cores = "  ".join(layer for layer in there if layer in CORES)
        shell = "  ".join(layer for layer in there if layer not in CORES)
        lines.append(f"{level:>5}   {cores:<40}{shell}".rstrip())
    lines += ["```", "", "| layer | what it is | may use |", "|---|---|---|"]
    for layer in reversed(LAYERS):
        public = ONLY_PUBLIC.get(layer, [])
        uses = ", ".join(f"{below} (by `<gof/...>`)" if below in public else below for below in LAYERS[layer])
        lines.append(f"| `{layer}` | {words.get(layer, '?')} | {uses or 'nothing'} |")
    return "\n".join(lines) + "\n"


def redrawn(text):
    return DRAWING.sub(lambda found: found.group(1) + drawing(found.group(0)) + found.group(2), text)


def check_drawing(root, wrong):
    with open(os.path.join(root, PAGE), encoding="utf-8") as f:
        text = f.read()
    if not DRAWING.search(text):
        wrong.append(f"{PAGE}: it has no place for the layers, between <!-- layers --> and <!-- /layers -->")
    elif redrawn(text) != text:
        wrong.append(f"{PAGE}: the layers are not those of {os.path.basename(__file__)}, which draws them with --write")
    for layer, words in ROW.findall("".join(found.group(0) for found in DRAWING.finditer(redrawn(text)))):
        if words == "?":
            wrong.append(f"{PAGE}: no words say what {layer} is")


# One way to break each rule: a file next to correct ones, and what must be reported.
BROKEN = [
    ("src/base/a.hpp", '#include "wire/b.hpp"\n', "base does not use wire"),
    ("src/link/a.cpp", '#include "session/b.hpp"\n', "link does not use session"),
    ("src/link/CMakeLists.txt", "gof_layer(link SOURCES a.cpp USES base session)\n", "link may not use session"),
    ("src/base/CMakeLists.txt", "gof_layer(base USES wire)\n", "reaches itself"),
    ("src/mux/a.cpp", "#include <usrsctp.h>\n", "usrsctp.h belongs"),
    ("src/wire/a.cpp", "#include <boost/asio/io_context.hpp>\n", "does not include <boost/asio"),
    ("src/wire/a.cpp", "#include <mutex>\n", "does not include <mutex>"),
    ("src/wire/a.cpp", "#include <spdlog/spdlog.h>\n", "does not include <spdlog"),
    ("src/session/a.cpp", "auto t = std::chrono::steady_clock::now();\n", "does not use steady_clock::now"),
    ("src/wire/a.cpp", '#include "../base/b.hpp"\n', "does not name its layer"),
    ("src/wire/a.cpp", '#include "b.hpp"\n', "does not name its layer"),
    ("src/wire/a.cpp", "#include <base/b.hpp>\n", "in quotes"),
    ("src/forward/a.cpp", '#include "net/b.hpp"\n', "public headers"),
    ("src/forward/a.cpp", '#include "node/b.hpp"\n', "may not know"),
    ("src/daemon/a.cpp", '#include "cli/b.hpp"\n', "the runtime includes no parser"),
    ("src/daemon/a.cpp", '#include "config/b.hpp"\n', "the runtime includes no parser"),
    ("src/log/CMakeLists.txt", "gof_layer(log USES base config)\n", "links no parser"),
    ("src/log/a.cpp", '#include "forward/b.hpp"\n', "log does not use forward"),
    ("src/cli/arguments/a.cpp", '#include "cli/output/b.hpp"\n', "cli/arguments may not use"),
    ("src/cli/output/a.cpp", '#include "cli/b.hpp"\n', "cli/output may not use"),
    ("src/attic/a.cpp", "", "does not know"),
    ("src/wire/a.hpp", "// a line\n" * 151, "second noun"),
    ("src/wire/a.cpp", "// a line\n" * 321, "second noun"),
    ("src/node/egress.hpp", '#include "node/link_table.hpp"\n', "may not know"),
    ("src/node/router.hpp", "  link_table& links_;\n", "could change a link_table"),
    ("src/node/relay.cpp", "void relay::tell(node* whom) {}\n", "could change a node"),
    ("include/gof/a.hpp", '#include "net/b.hpp"\n', "a public header includes"),
    ("src/README.md", "words alone", "no place for the layers"),
    ("src/README.md", "<!-- layers -->\n| `base` | words | wire |\n<!-- /layers -->", "are not those of"),
    ("src/README.md", "<!-- layers -->\n| `base` | words | |\n<!-- /layers -->", "no words say what wire is"),
]


def write(root, name, text):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def right_tree(root):
    for layer, uses in LAYERS.items():
        call = f"gof_layer({layer}\n  SOURCES a.cpp\n  USES {' '.join(uses)}\n  LIBRARIES x)\n"
        write(root, f"src/{layer}/CMakeLists.txt", call)
        write(root, f"src/{layer}/a.cpp", f'#include "{layer}/b.hpp"\n#include <vector>\n// #include <mutex>\n')
        write(root, f"src/{layer}/b.hpp", '#include "base/c.hpp"\n#include <net/if.h>\n')
    write(root, "src/sctp/s.cpp", "#include <usrsctp.h>\n")
    write(root, "src/forward/a.cpp", "#include <gof/node.hpp>\n#include <thread>\n")
    rows = "\n".join(f"| `{layer}` | words | |" for layer in LAYERS)
    write(root, PAGE, redrawn(f"# Title\n<!-- layers -->\n{rows}\n<!-- /layers -->\n"))
    write(root, "include/gof/node.hpp", "#include <gof/error.hpp>\n#include <boost/asio/io_context.hpp>\n")


def self_check():
    with tempfile.TemporaryDirectory() as root:
        right_tree(root)
        wrong, _, _ = check(root)
        assert not wrong, wrong
    for name, text, told in BROKEN:
        with tempfile.TemporaryDirectory() as root:
            right_tree(root)
            write(root, name, text)
            wrong, _, _ = check(root)
            assert any(told in line for line in wrong), (name, text, told, wrong)
    print(f"layering: each of {len(BROKEN)} broken trees is told")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--self-check", action="store_true")
    options.add_argument("--write", action="store_true")
    options.add_argument("root", nargs="?", default=os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    chosen = options.parse_args()
    if chosen.self_check:
        return self_check()
    if chosen.write:
        with open(os.path.join(chosen.root, PAGE), encoding="utf-8") as f:
            text = f.read()
        write(chosen.root, PAGE, redrawn(text))
    wrong, layers, files = check(chosen.root)
    for line in wrong:
        print(line)
    print(f"layering: {layers} layers, {files} files, {len(wrong)} wrong")
    return sys.exit(1 if wrong or not layers else 0)


if __name__ == "__main__":
    main()
