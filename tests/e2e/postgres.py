"""A PostgreSQL server in the caller's folder; it runs as the user postgres and trusts everyone."""

import glob
import os
import pwd
import signal

PROGRAMS = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1:]
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "max_connections": "60",
    # In files of the cluster, as in /dev/shm a killed server would leave them.
    "dynamic_shared_memory_type": "mmap",
}


def program(name):
    return os.path.join(*PROGRAMS, name)


class Postgres:
    def __init__(self, host, folder, port=5432):
        user = pwd.getpwnam("postgres")
        os.mkdir(folder, mode=0o700)
        os.chown(folder, user.pw_uid, user.pw_gid)
        cluster = os.path.join(folder, "cluster")
        made = host.run(program("initdb"), "--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust", "-U", "postgres",
                        "-D", cluster, user=user.pw_uid, cwd=folder)
        assert made.code == 0, made.out + made.err
        options = {**OPTIONS, "port": port, "unix_socket_directories": folder}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        # A namespace for its System V segment, which outlives even a killed server.
        self.process = host.spawn("unshare", "--ipc", f"--setgid={user.pw_gid}", f"--setuid={user.pw_uid}", "--",
                                  program("postgres"), "-D", cluster, *words, cwd=folder)
        self.process.wait_for("database system is ready to accept connections")

    def stop(self):
        """Ends it in a way in which its children end first."""
        self.process.signal(signal.SIGINT)
        self.process.wait()


def client(name, port, database, *words):
    return [program(name), "-h", "127.0.0.1", "-p", str(port), "-U", "postgres", *words, database]
