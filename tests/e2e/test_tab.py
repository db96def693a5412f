"""TAB in bash, zsh and fish, in a terminal."""

import os
import shutil
import signal
import subprocess
import time

import lab
from lab import WORK, Case
from peer import TICKET, Peer
from terminal import Terminal

COMPLETIONS = os.path.join(lab.root_of_tree(), "completions")

# How to start each shell without a user's configuration, and how to load gof's completions.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile"], f"PS1='at> '; source {COMPLETIONS}/gof.bash"),
    "zsh": (["zsh", "-f"], f"PS1='at> '; fpath=({COMPLETIONS} $fpath); autoload -Uz compinit; compinit -u -D"),
    # fish's own suggestions while typing would look like completions.
    "fish": (["fish", "--no-config"], "function fish_prompt; printf 'at> '; end; set -g fish_autosuggestion_enabled 0; "
             f"source {COMPLETIONS}/gof.fish"),
}

# A stand-in for a gof whose node knows names: records what it was asked, and answers.
ASKED = """#!/bin/sh
[ "$1" = __complete ] || exit 9
shift
printf '%s|' "$@" >>"$ASKED"
echo >>"$ASKED"
printf 'home\\tthe peer at home\\nhorse\\n2222:ssh\\tssh of home\\n'
echo 'not for the terminal' >&2
"""


# A stand-in for a gof whose node knows peers with hostile names; only the last is a valid one.
MEANT_BADLY = """#!/bin/sh
[ "$1" = __complete ] || exit 9
printf '%s\\n' 'db$(touch MARK)' 'db`touch MARK`' 'db;touch MARK;' 'db|touch MARK' "db'" 'db"' 'db\\' '-db' '$(touch MARK)' \\
  'db*' 'db>MARK' 'db&touch MARK'
printf 'db\\033]0;x\\007\\033[2J\\n'
printf 'db\\342\\200\\256x\\ndb\\377\\n'
echo dbase
"""

IMPOSTOR = os.environ.get("GOF_TEST_IMPOSTOR")


class Tab(Case):
    def shell(self, name, program=None):
        if not shutil.which(name):
            self.skipTest(f"no {name} here; tests/setup.sh has the list of packages")
        if not shutil.which("tmux"):
            self.skipTest("no tmux here; tests/setup.sh has the list of packages")
        argv, setup = SHELLS[name]
        self.peer = peer = Peer(self, self.cli, name)
        path = f"{program or WORK}:{os.environ['PATH']}"
        term = Terminal(self, argv, peer.environment(PATH=path, ASKED=self.file("asked")))
        term.type(f"{setup}; ")
        self.round = 0
        self.begin(term)
        return term

    def completes(self, term, typed, becomes, behind=" "):
        """TAB completes it to this word, with a blank after it."""
        term.type(typed)
        term.press("Tab")
        term.wait_for(f"^at> {(becomes + behind).rstrip()}$")
        term.type("X")
        term.wait_for(f"^at> {becomes}{behind}X$")
        self.clear(term)

    def clear(self, term):
        term.press("C-u")
        self.begin(term)

    def begin(self, term):
        """Clears the screen, except for a line that is unique to this round."""
        self.round += 1
        term.type(f"clear; echo rou''nd {self.round}\n")
        term.wait_for(rf"\Around {self.round}\nat>$")

    def offers(self, term, typed, *words):
        """TAB (in bash: twice) shows these below the line."""
        term.type(typed)
        term.press("Tab")
        term.press("Tab")
        for word in words:
            term.wait_for(rf"^(?!at>).*(^|\s){word}(\s|$)")
        self.clear(term)

    def words_of_the_table(self, name):
        term = self.shell(name)
        self.completes(term, "gof fo", "gof forward")
        # zsh adds a '=', which disappears when a blank is typed.
        self.completes(term, "gof forward --su", "gof forward --survive", "=" if name == "zsh" else " ")
        self.completes(term, "gof forward --log-format j", "gof forward --log-format json")
        self.completes(term, "gof forward --log-format=te", "gof forward --log-format=text")
        self.offers(term, "gof forward --log-format ", "text", "json")
        self.offers(term, "gof ", "serve", "relay", "forward")
        self.offers(term, "gof forward --survive 10", "10s", "10ms", "10m")
        self.completes(term, "gof ru", "gof run")
        self.completes(term, "gof run --ch", "gof run --check")
        for name in ("some.ticket", "other.conf"):
            with open(self.file(name), "w", encoding="ascii"):
                pass
        self.completes(term, f"gof serve --ticket-file {self.file('some.t')}",
                       f"gof serve --ticket-file {self.file('some.ticket')}")
        self.completes(term, f"gof run {self.file('oth')}", f"gof run {self.file('other.conf')}")
        self.completes(term, f"gof serve --config={self.file('oth')}", f"gof serve --config={self.file('other.conf')}")

    def nothing_without_a_node(self, name):
        """Shows no name and no error, just what was typed."""
        term = self.shell(name)
        for line in ("gof forward ", "gof forward home ho", "gof serve ", "gof frobnicate ", "gof forward -- -"):
            term.type(line)
            term.press("Tab")
            term.press("Tab")
            term.type("X")
            term.wait_for(f"^at> {line}X$")
            self.assertRegex(term.screen(), rf"\Around {self.round}\nat> {line}X\Z")
            self.clear(term)

    def asks_the_node(self, name):
        folder = self.file("stand-in")
        os.mkdir(folder)
        with open(os.path.join(folder, "gof"), "w", encoding="ascii") as f:
            f.write(ASKED)
        os.chmod(os.path.join(folder, "gof"), 0o755)
        term = self.shell(name, program=folder)
        self.completes(term, "gof forward hom", "gof forward home")
        self.completes(term, "gof forward --survive 10s home 2222:s", "gof forward --survive 10s home 2222:ssh")
        self.completes(term, "gof client -c hom", "gof client -c home")
        self.completes(term, "gof both -f 22 -c hom", "gof both -f 22 -c home")
        self.offers(term, "gof forward ho", "home", "horse")
        # No name is a number.
        for line in ("gof ping -c h", "gof client -l h", "gof server -f h"):
            term.type(line)
            term.press("Tab")
            term.type("X")
            term.wait_for(f"^at> {line}X$")
            self.clear(term)
        self.assertNotIn("not for the terminal", term.screen())
        with open(self.file("asked"), encoding="utf-8") as f:
            asked = f.read().split("\n")
        self.assertIn("forward|hom|", asked)
        self.assertIn("forward|--survive|10s|home|2222:s|", asked)

    def knows_a_real_node(self, name):
        """Peers and services that the running gof forward knows."""
        home = Peer(self, self.srv, "home")
        serve = home.serve("ssh=127.0.0.1:22", "web=127.0.0.1:80")
        term = self.shell(name)
        away = self.peer
        forward = away.spawn("forward", serve.ticket, "0:ssh")
        self.eventually("the peer is known", lambda: away.run("__complete", "ping", "").out == "home\n")
        self.completes(term, "gof ping ho", "gof ping home")
        self.completes(term, "gof trace --timeout 3s h", "gof trace --timeout 3s home")
        self.assertEqual(forward.stop(), 0)
        # Only a member learns about services.
        started = time.monotonic()
        self.assertEqual(home.run("__complete", "forward", "gof1abc", "2222:w").out, "")
        self.measured("gof __complete with a node", time.monotonic() - started, 0.1)
        hub = away.spawn("relay", "--listen", f"{self.cli.address}:9999")
        joined = Peer(self, self.srv, "joined")
        joined.spawn("serve", "--name", "joined", "--join", hub.wait_for(TICKET, stream="out").group(0), "other=9", "web=80")
        self.eventually("its services are known", lambda: away.run("__complete", "forward", "gof1abc", "2222:").out ==
                        "2222:other\n2222:web\n")
        self.completes(term, "gof forward gof1abc 2222:o", "gof forward gof1abc 2222:other")
        self.completes(term, "gof forward --survive 9s gof1abc 1:web 8080:w",
                       "gof forward --survive 9s gof1abc 1:web 8080:web")
        self.completes(term, "gof connect gof1abc we", "gof connect gof1abc web")
        self.completes(term, "gof ping jo", "gof ping joined")

    def offers_names_alone(self, name):
        """Whatever is offered: only valid words go on the line, and nothing is executed."""
        folder, mark = self.file("stand-in"), self.file("mark")
        os.mkdir(folder)
        with open(os.path.join(folder, "gof"), "w", encoding="ascii") as f:
            f.write(MEANT_BADLY.replace("MARK", mark))
        os.chmod(os.path.join(folder, "gof"), 0o755)
        term = self.shell(name, program=folder)
        for typed in ("gof ping d", "gof ping ", "gof trace --timeout 3s db", "gof forward d"):
            self.completes(term, typed, typed[:typed.rindex(" ") + 1] + "dbase")
            term.type(typed)
            for _ in range(3):
                term.press("Tab")
            term.type(f"; echo do''ne\n")
            term.wait_for("^done$")
            self.assertFalse(os.path.exists(mark), term.screen())
            self.clear(term)

    def offers_ids_for_what_is_no_name(self, name):
        """A peer that calls itself by a command is offered by the beginning of its id, which ping accepts."""
        if not IMPOSTOR:
            self.skipTest("GOF_TEST_IMPOSTOR is not set: run by ctest, or name the program")
        term = self.shell(name)
        mark = self.file("mark")
        serve = self.peer.serve("ssh=127.0.0.1:22")
        for called in (f"db$(touch {mark})", f"db`touch {mark}`"):
            evil = self.srv.spawn(IMPOSTOR, "name", serve.ticket, f"{self.cli.address}:9999", called.encode().hex(),
                                  stdin=subprocess.PIPE)
            evil.wait_for("known")
            short = self.peer.run("__complete", "ping", "").out.strip()
            self.assertRegex(short, "^[a-z2-7]{8}$")
            self.completes(term, "gof ping -c 1 --timeout 1s ", f"gof ping -c 1 --timeout 1s {short}")
            term.type("gof ping -c 1 --timeout 100ms ")
            term.press("Tab")
            term.wait_for(f"^at> gof ping -c 1 --timeout 100ms {short}")
            term.type("\n")
            term.wait_for(f"{short}: no answer")
            self.assertFalse(os.path.exists(mark), term.screen())
            evil.child.stdin.close()
            self.assertEqual(evil.wait(), 0)
            self.assertEqual(serve.stop(), 0)
            serve = self.peer.serve("ssh=127.0.0.1:22")
            self.clear(term)

    def test_bash_offers_names_alone(self):
        self.offers_names_alone("bash")

    def test_zsh_offers_names_alone(self):
        self.offers_names_alone("zsh")

    def test_fish_offers_names_alone(self):
        self.offers_names_alone("fish")

    def test_bash_offers_ids_for_what_is_no_name(self):
        self.offers_ids_for_what_is_no_name("bash")

    def test_zsh_offers_ids_for_what_is_no_name(self):
        self.offers_ids_for_what_is_no_name("zsh")

    def test_fish_offers_ids_for_what_is_no_name(self):
        self.offers_ids_for_what_is_no_name("fish")

    def test_bash_knows_a_real_node(self):
        self.knows_a_real_node("bash")

    def test_zsh_knows_a_real_node(self):
        self.knows_a_real_node("zsh")

    def test_fish_knows_a_real_node(self):
        self.knows_a_real_node("fish")

    def test_nothing_is_offered_when_several_nodes_run_or_one_hangs(self):
        serve = Peer(self, self.srv, "home").serve("ssh=127.0.0.1:22")
        away = Peer(self, self.cli, "away")
        nodes = [away.spawn("forward", serve.ticket, "0:ssh") for _ in range(2)]
        run = os.path.join(away.home, "run", "gof")
        self.eventually("both have sockets", lambda: os.path.isdir(run) and len(os.listdir(run)) == 2)
        self.assertEqual(away.run("__complete", "ping", "")[:3], (0, "", ""))
        self.eventually("one is asked", lambda: away.run(
            "__complete", "ping", "--control", os.path.join(run, f"{nodes[0].pid}.sock"), "").out == "home\n")
        self.assertEqual(nodes[1].stop(), 0)
        self.assertEqual(away.run("__complete", "ping", "")[:3], (0, "home\n", ""))
        nodes[0].signal(signal.SIGSTOP)
        done = away.run("__complete", "ping", "")
        self.assertEqual(done[:3], (0, "", ""))
        self.measured("gof __complete of a node that hangs", done.seconds, 0.1)

    def test_aliases_stand_where_a_peer_does(self):
        away = Peer(self, self.cli, "away")
        folder = os.path.join(away.home, "config", "gof")
        os.mkdir(folder)
        with open(os.path.join(folder, "gof.conf"), "w", encoding="ascii") as f:
            f.write("[alias home]\npeer = ticket-file=/h\n[alias work]\npeer = ticket-file=/w\n")
        for words in (["forward", ""], ["connect", "--survive", "9s", ""], ["ping", ""], ["client", "-c", ""]):
            self.assertEqual(away.run("__complete", *words)[:3], (0, "home\nwork\n", ""), words)
        for words in (["forward", "home", "2222:"], ["client", "-l", ""], ["serve", ""]):
            self.assertEqual(away.run("__complete", *words)[:3], (0, "", ""), words)

    def test_bash_completes_words_of_the_table(self):
        self.words_of_the_table("bash")

    def test_zsh_completes_words_of_the_table(self):
        self.words_of_the_table("zsh")

    def test_fish_completes_words_of_the_table(self):
        self.words_of_the_table("fish")

    def test_bash_offers_nothing_without_a_node(self):
        self.nothing_without_a_node("bash")

    def test_zsh_offers_nothing_without_a_node(self):
        self.nothing_without_a_node("zsh")

    def test_fish_offers_nothing_without_a_node(self):
        self.nothing_without_a_node("fish")

    def test_bash_asks_the_running_node(self):
        self.asks_the_node("bash")

    def test_zsh_asks_the_running_node(self):
        self.asks_the_node("zsh")

    def test_fish_asks_the_running_node(self):
        self.asks_the_node("fish")

    def test_asking_without_a_node_is_silent_and_quick(self):
        peer = Peer(self, self.cli, "nobody-there")
        for words in ([], [""], ["forward", ""], ["forward", "--help"], ["frobnicate", "-h", "x" * 100_000]):
            started = time.monotonic()
            done = peer.run("__complete", *words)
            took = time.monotonic() - started
            self.assertEqual((done.code, done.out, done.err), (0, "", ""), words)
        self.measured("gof __complete without a node", took, 0.1)
        self.assertEqual(os.listdir(peer.state), [])


if __name__ == "__main__":
    lab.main()
