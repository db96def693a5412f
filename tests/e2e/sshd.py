"""An OpenSSH server and client: keys, configuration and /run/sshd are in the caller's folder."""

import getpass
import os
import subprocess

# sshd needs /run/sshd, and an account that is not locked. It gets both in a mount namespace of its own.
AS_ROOT = """
mount --bind "$1/shadow" /etc/shadow || exit 1
case "$1" in /run/*) ;; *) mount -t tmpfs tmpfs /run || exit 1 ;; esac
mkdir -p -m 755 /run/sshd && exec /usr/sbin/sshd -D -e -f "$1/sshd_config"
"""


class Sshd:
    """Writes the files. Then start argv() on any host; client(port) is an ssh command line that logs in to it."""

    def __init__(self, folder, port, address="127.0.0.1"):
        self.folder, self.port, self.address = folder, port, address
        os.makedirs(folder, mode=0o700)
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path(name)], check=True)
        os.replace(self.path("user.pub"), self.path("authorized"))
        self.write("sshd_config", f"""
ListenAddress {address}:{port}
HostKey {self.path("host")}
AuthorizedKeysFile {self.path("authorized")}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PrintMotd no
PrintLastLog no
AllowTcpForwarding yes
MaxStartups 100:30:200
UseDNS no
Subsystem sftp internal-sftp
""")
        with open(self.path("host.pub"), encoding="utf-8") as f:
            key = " ".join(f.read().split()[:2])
        self.write("known_hosts", f"* {key}\n")
        if os.geteuid() == 0:
            self.write("shadow", "root:*:19000:0:99999:7:::\nsshd:!:19000::::::\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(self.path(name), 0o600)

    def argv(self):
        if os.geteuid() != 0:
            return ["/usr/sbin/sshd", "-D", "-e", "-f", self.path("sshd_config")]
        return ["unshare", "-m", "sh", "-c", AS_ROOT, "sshd", self.folder]

    def options(self):
        pairs = {
            "IdentityFile": self.path("user"),
            "UserKnownHostsFile": self.path("known_hosts"),
            "GlobalKnownHostsFile": "/dev/null",
            "IdentitiesOnly": "yes",
            "StrictHostKeyChecking": "yes",
            "BatchMode": "yes",
            "ConnectTimeout": "10",
            "LogLevel": "ERROR",
        }
        return ["-F", "/dev/null"] + [w for key, value in pairs.items() for w in ("-o", f"{key}={value}")]

    def client(self, port, *more, user=None):
        return ["ssh", *self.options(), "-p", str(port), *more, f"{user or getpass.getuser()}@127.0.0.1"]

    def scp(self, port, *words):
        return ["scp", *self.options(), "-P", str(port), *words]
