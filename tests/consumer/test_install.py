#!/usr/bin/python3
"""What `cmake --install` and CPack make of a build: files in their places, programs using the library, packages.

    test_install.py BUILD [Install.test_NAME]
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = ""

# Below the prefix: first the program's files, then the library's.
PLACES = [
    "bin/gof",
    "share/man/man1/gof.1",
    "share/man/man1/gof-demo.1",
    "share/man/man5/gof.conf.5",
    "share/man/man7/gof-protocol.7",
    "share/bash-completion/completions/gof",
    "share/zsh/site-functions/_gof",
    "share/fish/vendor_completions.d/gof.fish",
    "lib/systemd/system/gof.service",
    "lib/systemd/system/gof@.service",
    "lib/systemd/user/gof.service",
    "lib/systemd/user/gof@.service",
    "lib/sysusers.d/gof.conf",
    "include/gof/node.hpp",
    "include/gof/gof.hpp",
    "include/gof/beast.hpp",
    "include/gof/version.hpp",
]


class Install(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.mkdtemp(prefix="gof-install-")
        self.addCleanup(shutil.rmtree, self.work)

    def path(self, *names):
        return os.path.join(self.work, *names)

    def run_it(self, *argv, code=0):
        done = subprocess.run(argv, capture_output=True, text=True, errors="replace", check=False)
        self.assertEqual(done.returncode, code, f"{argv}\n{done.stdout}{done.stderr}")
        return done.stdout

    def install(self):
        done = subprocess.run(["cmake", "--install", BUILD, "--prefix", self.path("prefix")], capture_output=True, text=True,
                              check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return self.path("prefix")

    def consume(self, kind, *options):
        """Configures, builds and runs a program that has its own CMakeLists.txt."""
        # Next to the build under test and with its options, so that ccache knows the library's objects.
        build = tempfile.mkdtemp(prefix=f"{BUILD}-consumer-")
        self.addCleanup(shutil.rmtree, build)
        same = [f"-D{name}={self.cached(name)}" for name in ("CMAKE_BUILD_TYPE", "GOF_WERROR", "GOF_SANITIZE")]
        self.run_it("cmake", "-S", os.path.join(HERE, kind), "-B", build, "-G", "Ninja", *same, *options)
        self.run_it("cmake", "--build", build)
        self.assertEqual(self.run_it(os.path.join(build, "consumer")), "hello\n")

    def cached(self, name):
        with open(os.path.join(BUILD, "CMakeCache.txt"), encoding="utf-8") as f:
            return re.search(rf"(?m)^{name}:\w+=(.*)$", f.read()).group(1)

    def test_files(self):
        prefix = self.install()
        for place in PLACES:
            self.assertTrue(os.path.isfile(os.path.join(prefix, place)), place)
        self.assertRegex(self.run_it(os.path.join(prefix, "bin/gof"), "--version"), r"\Agof \d+\.\d+\.\d+\n\Z")
        for kind in ("system", "user"):
            for name in ("gof", "gof@"):
                self.verify(os.path.join(prefix, "lib/systemd", kind, name + ".service"), kind)
        self.assert_nothing_of_the_tree(prefix)

    def verify(self, unit, kind):
        if not shutil.which("systemd-analyze"):
            return
        named = self.path(os.path.basename(unit).replace("@", "@test"))
        shutil.copy(unit, named)
        done = subprocess.run(["systemd-analyze", f"--{kind}", "--man=no", "verify", named], capture_output=True, text=True,
                              env={**os.environ, "XDG_RUNTIME_DIR": self.work}, check=False)
        told = [line for line in done.stderr.split("\n") if os.path.basename(named) in line]
        self.assertEqual(told, [], f"{kind}: {done.stderr}")

    def commands(self, prefix, kind, name):
        """The commands that the unit runs at its start, and at a reload."""
        with open(os.path.join(prefix, "lib/systemd", kind, name), encoding="utf-8") as f:
            text = f.read()
        return [re.findall(rf"(?m)^{key}=(.*)$", text) for key in ("ExecStart", "ExecReload")]

    def test_units(self):
        """Each unit runs the installed program; a user's unit is also run as systemd would run it."""
        prefix = self.install()
        gof = f"{prefix}/bin/gof"
        file = "/etc/gof/gof.conf"
        hup = "/bin/kill -HUP $MAINPID"
        self.assertEqual(self.commands(prefix, "system", "gof.service"),
                         [[f"{gof} run {file}"], [f"{gof} run --check {file}", hup]])
        for kind in ("system", "user"):
            self.assertEqual(self.commands(prefix, kind, "gof@.service"), [[f"{gof} $COMMAND"], []])
        (start,), reload = self.commands(prefix, "user", "gof.service")
        self.assertEqual(reload[1], hup)
        env = {"PATH": os.environ["PATH"], "HOME": self.work, "XDG_RUNTIME_DIR": self.work}
        self.write_config("[node]", "listen = 127.0.0.1:0", "[serve a]", "target = 9")
        with subprocess.Popen(shlex.split(start), stderr=subprocess.PIPE, env=env, text=True) as main:
            self.addCleanup(main.kill)
            self.wait_for(main, "serving a=localhost:9")
            self.write_config("[serve a]", "target = 9", "[serve b]", "target = 9", "[node]", "listen = 127.0.0.1:0")
            for line in reload:
                words = shlex.split(line.replace("$MAINPID", str(main.pid)))
                self.assertEqual(subprocess.run(words, env=env, check=False).returncode, 0, line)
            self.wait_for(main, "was read again: 2 services")
            self.write_config("[serve a]")
            look = subprocess.run(shlex.split(reload[0]), env=env, capture_output=True, text=True, check=False)
            self.assertEqual((look.returncode, look.stdout), (78, ""))
            self.assertIn("gof.conf:1: [serve a] needs target =", look.stderr)
            main.send_signal(signal.SIGTERM)
            main.stderr.read()
            self.assertEqual(main.wait(), 0)

    def write_config(self, *lines):
        folder = self.path(".config", "gof")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "gof.conf"), "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")

    def wait_for(self, process, words):
        for line in process.stderr:
            if words in line:
                return
        self.fail(f"ended without: {words}")

    def test_user_of_the_unit(self):
        if not shutil.which("systemd-sysusers"):
            self.skipTest("no systemd-sysusers here")
        file = os.path.join(self.install(), "lib/sysusers.d/gof.conf")
        os.makedirs(self.path("root", "etc"))
        self.run_it("systemd-sysusers", f"--root={self.path('root')}", file)
        with open(self.path("root", "etc", "passwd"), encoding="utf-8") as f:
            self.assertRegex(f.read(), r"(?m)^gof:!?x?:\d+:\d+:.*:/:/usr/sbin/nologin$")

    def assert_nothing_of_the_tree(self, prefix):
        """No installed text file names the source or build folder."""
        for at, _, files in os.walk(prefix):
            for name in files:
                with open(os.path.join(at, name), "rb") as f:
                    data = f.read()
                if b"\0" in data:
                    continue
                for place in (ROOT, BUILD):
                    self.assertNotIn(place.encode() + b"/", data, os.path.join(at, name))

    def test_find_package(self):
        self.consume("find_package", f"-DCMAKE_PREFIX_PATH={self.install()}")

    def test_subdirectory(self):
        self.consume("subdirectory")

    def test_packages(self):
        for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "lintian"):
            if not shutil.which(tool):
                self.skipTest(f"no {tool} here; tests/setup.sh has the list of packages")
        self.run_it("cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-B", self.work)
        made = {re.sub("_.*", "", name): self.path(name) for name in os.listdir(self.work) if name.endswith(".deb")}
        self.assertEqual(sorted(made), ["gof", "libgof-dev"])
        version = self.run_it("dpkg-deb", "-f", made["gof"], "Version").strip()
        self.assertEqual(self.run_it(os.path.join(BUILD, "gof"), "--version"), f"gof {version}\n")
        self.assertRegex(self.run_it("dpkg-deb", "-f", made["gof"], "Depends"), r"libc6 .*libssl3")
        listed = self.run_it("dpkg-deb", "-c", made["gof"])
        for place in ("bin/gof", "share/man/man1/gof-demo.1.gz", "share/man/man5/gof.conf.5.gz", "share/doc/gof/changelog.gz", "share/doc/gof/copyright",
                      "share/bash-completion/completions/gof", "share/zsh/vendor-completions/_gof", "lib/systemd/system/gof@.service",
                      "lib/systemd/user/gof@.service", "lib/systemd/system/gof.service",
                      "lib/systemd/user/gof.service", "lib/sysusers.d/gof.conf"):
            self.assertIn(f" ./usr/{place}\n", listed)
        self.run_it("dpkg-deb", "-e", made["gof"], self.path("control"))
        self.assertTrue(os.access(self.path("control", "postinst"), os.X_OK), "the user of the unit is made there")
        with open(os.path.join(ROOT, "src", "package", "changelog"), encoding="utf-8") as f:
            self.assertTrue(f.read().startswith(f"gof ({version}) "), "the changelog does not know this version")
        for package in made.values():
            # Its exit code reports errors only; warnings are printed for the reader of the log.
            print(self.run_it("lintian", "--allow-root", "--fail-on", "error", package))


if __name__ == "__main__":
    BUILD = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
