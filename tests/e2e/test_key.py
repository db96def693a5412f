"""The key file: errors name its path and the remedy, and it is never overwritten (scorecard rows 40, 41)."""

import os
import stat

import lab
from lab import Case, fill, small_disk
from peer import Peer

CURE = r"(?i)chmod|remove|delete|move|restore|replace|create|point|mount|free|permission|--key|--ephemeral"


class Key(Case):
    def setUp(self):
        super().setUp()
        self.peer = Peer(self, self.srv, "home")
        done = self.peer.run("id")
        self.assertEqual(done.code, 0, done.err)
        self.key = os.path.join(self.peer.gof_state, "key")
        self.assertEqual(stat.S_IMODE(os.stat(self.key).st_mode), 0o600)
        with open(self.key, "rb") as f:
            self.good = f.read()

    def write(self, data, mode=0o600):
        with open(self.key, "wb") as f:
            f.write(data)
        os.chmod(self.key, mode)

    def told_78(self):
        """Both a node and `id` name the file and the remedy. Nothing in the state folder changes."""
        before = tree(self.peer.state)
        for words in (["id"], ["serve", "web=80"], ["serve", "--key", self.key, "web=80"]):
            done = self.peer.run(*words)
            with self.subTest(words=words):
                self.assertEqual(done.code, 78, f"{words}: {done.err}")
                self.assertEqual(done.out, "")
                self.assertIn(self.key, done.err)
                self.assertRegex(done.err.replace(self.key, ""), CURE)
        after = {name: entry for name, entry in tree(self.peer.state).items() if name in before}
        self.assertEqual(after, before)

    def test_corrupt_key_is_told(self):
        for data in (b"not a key\n", self.good[:-5], b"\x00" * len(self.good), self.good[:10], b"x" * 1_000_000):
            with self.subTest(data=data[:20]):
                self.write(data)
                self.told_78()

    def test_empty_key_is_told(self):
        self.write(b"")
        self.told_78()

    def test_key_that_others_may_read_is_told(self):
        for mode in (0o644, 0o640, 0o604):
            with self.subTest(mode=oct(mode)):
                self.write(self.good, mode)
                self.told_78()
        os.chmod(self.key, 0o600)
        self.assertEqual(self.peer.run("id").code, 0, "the cure works")

    def test_folder_in_the_keys_place_is_told(self):
        os.unlink(self.key)
        os.mkdir(self.key, 0o700)
        self.told_78()

    def test_dangling_link_in_the_keys_place_is_told(self):
        os.unlink(self.key)
        os.symlink(os.path.join(self.peer.home, "nowhere"), self.key)
        self.told_78()
        self.assertFalse(os.path.lexists(os.path.join(self.peer.home, "nowhere")))

    def test_full_disk_leaves_no_part_of_a_key(self):
        fresh = Peer(self, self.srv, "fresh")
        small_disk(self, fresh.state)
        os.mkdir(fresh.gof_state, 0o700)
        filler = fill(fresh.state)
        done = fresh.run("id")
        self.assertEqual(done.code, 78, done.err)
        self.assertIn(os.path.join(fresh.gof_state, "key"), done.err)
        self.assertRegex(done.err, "(?i)no space")
        self.assertEqual([n for n in tree(fresh.gof_state) if "key" in n], [])
        left = [n for n, entry in tree(fresh.gof_state).items() if entry[1]]
        self.assertEqual(left, [], "something half-written was left")
        os.unlink(filler)
        self.assertEqual(fresh.run("id").code, 0, "once there is room, it works")


def tree(folder):
    """Every file and folder below: its kind and mode, size, and content."""
    found = {}
    for at, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(at, name)
            info = os.lstat(path)
            content = None
            if stat.S_ISREG(info.st_mode):
                with open(path, "rb") as f:
                    content = f.read()
            elif stat.S_ISLNK(info.st_mode):
                content = os.readlink(path)
            found[path] = (info.st_mode, content)
    return found


if __name__ == "__main__":
    lab.main()
