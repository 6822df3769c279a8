#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Does what the pages of docs/how-to say, word for word, and sees that it comes out as they say.

    scripts/try-docs.py ROOKERY [PAGE...]     all pages that have something to try, or these; --show prints what is said

Each page has a machine of its own: no network but loopback, /etc, /var and /run that are thrown away, ROOKERY as `rookery` in
the path, and what scripts/setup.sh --for-docs brings. What stands behind the language of a fenced block says what
becomes of it:

    ```sh try               run in the page's shell, where each block goes on from the one before; must end well
    ```sh terminal          a terminal of its own until the page ends; is there once it listens
    ```console try          lines after `$ ` are run, and must say what follows; `…` stands for anything
    ```toml file=PATH       written there; likewise any other language
    ```toml                 has to be a configuration that `rookery config check` takes, with `npub1…` for any key
    <!-- try: COMMAND -->   run as well, for what a reader does elsewhere; `terminal:` likewise

Exit code 0: all came out as written. Needs root, or a kernel that lets anybody have namespaces.
"""
import fcntl
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "how-to"
BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)(?P<mark>[^\n]*)\n(?P<body>.*?)^ *```$"
    r"|^<!-- (?P<hidden>try|terminal): (?P<command>.*?) -->$", re.M | re.S)
# Besides /run, and the page's own home.
THROWN_AWAY = ("/etc", "/var")
SOMEBODY = "npub1xtscya34g58tk0z605fvr788k263gsu6cy9x0mhnm87echrgufzsevkk5s"
# A block, and a terminal until it listens, may take so many seconds.
PATIENCE = 60


class Wrong(Exception):
    pass


def steps(text):
    """What is to be done: (line, kind, what, body)."""
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        if found["hidden"]:
            yield line, found["hidden"], "sh", found["command"] + "\n"
            continue
        mark, body = found["mark"].strip(), found["body"]
        if found["indent"]:
            body = re.sub(rf"^{found['indent']}", "", body, flags=re.M)
        if mark in ("try", "terminal"):
            yield line, mark, found["language"], body
        elif mark.startswith("file="):
            yield line, "file", mark.removeprefix("file="), body
        elif mark:
            raise Wrong(f"line {line}: `{mark}` is no mark")
        elif found["language"] == "toml":
            yield line, "configuration", "toml", body


class Shell:
    """One bash that is told block after block."""

    def __init__(self, folder, environment):
        self.step = folder.parent / "step"
        self.process = subprocess.Popen(
            ["bash", "--norc"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)

    def run(self, commands, ends_early):
        """What was said, and the exit code; with `ends_early` the first command that fails is the last of all."""
        end = f"end-{time.monotonic_ns()}"
        self.step.write_text(commands)
        # Read as a file, so that variables and the folder stay for the next block.
        flag = "-e" if ends_early else "+e"
        self.process.stdin.write(f"set {flag}; . {self.step} </dev/null; echo {end} $?\n".encode())
        self.process.stdin.flush()
        said, latest = b"", time.monotonic() + PATIENCE
        while time.monotonic() < latest:
            if not select.select([self.process.stdout], [], [], 0.5)[0]:
                continue
            more = os.read(self.process.stdout.fileno(), 1 << 20)
            if not more:
                return said.decode(), self.process.wait()
            said += more
            ended = re.search(rf"^(.*?){end} (\d+)\n", said.decode(), re.S)
            if ended:
                return ended[1], int(ended[2])
        raise Wrong(f"not done within {PATIENCE} s:\n{said.decode()}")


def listening():
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in pathlib.Path(table).read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A":
                found.add(fields[1])
    return found


def fits(said, told):
    """A line that is `…` alone stands for any number of lines."""
    lines = [r".*" if line == "…" else re.escape(line).replace("…", r"[^\n]*")
             for line in told.rstrip("\n").split("\n")]
    return re.fullmatch("\n".join(lines), said.rstrip("\n"), re.S) is not None


def dialogue(body):
    """The commands of a console block, each with what it says."""
    found = []
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append([line[2:], ""])
        elif found and line.startswith("> "):
            found[-1][0] += line[2:]
        elif found:
            found[-1][1] += line
    return found


class Page:
    def __init__(self, path, rookery, shows):
        self.path, self.rookery, self.shows, self.terminals = path, rookery, shows, []

    def try_all(self, plan):
        folder = pathlib.Path(tempfile.mkdtemp())
        (folder / "bin").mkdir()
        (folder / "bin" / "rookery").symlink_to(self.rookery)
        (folder / "home").mkdir()
        tools = [folder / "bin", ROOT / ".build-venv/bin", ROOT / ".build-tools/usr/bin", ROOT / ".build-tools/usr/sbin"]
        environment = {"PATH": ":".join(map(str, tools)) + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                       "HOME": str(folder / "home"), "LANG": "C.UTF-8", "SOURCE": str(ROOT),
                       "PYTHONDONTWRITEBYTECODE": "1"}
        shell = Shell(folder / "home", environment)
        try:
            for line, kind, what, body in plan:
                try:
                    self.do(shell, folder / "home", environment, kind, what, body)
                except Wrong as error:
                    logs = "".join(f"\n--- {name}\n{log.read_text()[-3000:]}" for _, name, log in self.terminals)
                    raise Wrong(f"{self.path.name}:{line}: {error}{logs}") from None
        finally:
            # All that goes on ends with the namespace; these are asked first.
            for terminal, _, _ in self.terminals:
                if terminal.poll() is None:
                    os.killpg(terminal.pid, signal.SIGTERM)
            shell.process.stdin.close()

    def do(self, shell, home, environment, kind, what, body):
        if kind == "file":
            place = (home / what).resolve()
            if not any(place.is_relative_to(folder) for folder in (home, *THROWN_AWAY)):
                raise Wrong(f"{place} would outlive the page")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(body)
        elif kind == "configuration":
            place = home.parent / "configuration.toml"
            place.write_text(body.replace("npub1…", SOMEBODY))
            said, code = shell.run(f"rookery config check --config {place} >/dev/null", ends_early=False)
            if code:
                raise Wrong(f"this is no configuration: {said}")
        elif kind == "terminal":
            self.open_terminal(home, environment, body)
        elif what == "console":
            for command, told in dialogue(body):
                said, code = shell.run(command, ends_early=False)
                self.show(command, said)
                if not fits(said, told):
                    raise Wrong(f"{command}said (exit code {code})\n{said}and the page tells\n{told}")
        else:
            said, code = shell.run(body, ends_early=True)
            self.show(body, said)
            if code:
                raise Wrong(f"exit code {code}:\n{body}\n{said}")

    def show(self, command, said):
        if self.shows:
            print(f"$ {command}{said}", flush=True)

    def open_terminal(self, home, environment, body):
        before = listening()
        log = home.parent / f"terminal-{len(self.terminals)}"
        with open(log, "w") as output:
            terminal = subprocess.Popen(["bash", "-euc", body], cwd=home, env=environment, stdin=subprocess.DEVNULL,
                                        stdout=output, stderr=output, start_new_session=True)
        self.terminals.append((terminal, body.strip().splitlines()[-1], log))
        end = time.monotonic() + PATIENCE
        while not listening() - before:
            if terminal.poll() is not None or time.monotonic() > end:
                raise Wrong(f"nothing listens: {body}{log.read_text()}")
            time.sleep(0.05)
        self.show(body, log.read_text())


def furnish():
    """Inside the namespaces: loopback, and folders that are thrown away."""
    with socket.socket() as door:
        flags = struct.pack("16sh14x", b"lo", 1)
        fcntl.ioctl(door, 0x8914, flags)

    def mount(*arguments):
        subprocess.run(["mount", *arguments], check=True)

    scrap = os.environ["ROOKERY_DOCS_SCRAP"]
    mount("-t", "tmpfs", "tmpfs", scrap)
    for folder in THROWN_AWAY:
        upper, work = f"{scrap}{folder}", f"{scrap}{folder}-work"
        os.makedirs(upper), os.makedirs(work)
        mount("-t", "overlay", "overlay", "-o", f"lowerdir={folder},upperdir={upper},workdir={work}", folder)
    mount("-t", "tmpfs", "tmpfs", "/run")
    os.makedirs(f"{scrap}/tmp")
    tempfile.tempdir = f"{scrap}/tmp"
    with open("/etc/hosts", "w") as hosts:
        hosts.write("127.0.0.1 localhost relay.example.com other.example.com\n")
    brought = ROOT / ".build-tools" / "etc"
    for name in ("nginx", "caddy", "prometheus"):
        if (brought / name).is_dir():
            shutil.copytree(brought / name, f"/etc/{name}", dirs_exist_ok=True, symlinks=True)
    for name in ("/var/log/nginx", "/var/lib/nginx", "/var/www/html"):
        os.makedirs(name, exist_ok=True)


# Pages that must not pass: a tool that finds nothing would call everything true.
SLIPS = [
    "```toml tryy\n```\n",
    "```sh file=/root/slip\n```\n",
    "```toml\n[relay]\nlistens = 1\n```\n",
    "```sh try\nfalse\ntrue\n```\n",
    "```sh try\ncurl -s --max-time 2 http://192.0.2.1/\n```\n",
    "```sh terminal\nsleep 0.1\n```\n",
    "```console try\n$ echo one; echo two\none\n```\n",
    "```console try\n$ echo one\n…two\n```\n",
]


def tried(rookery, page, flags=(), **streams):
    """Whether a page comes out as written, on a machine of its own."""
    spaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    spaces += [] if os.getuid() == 0 else ["--map-root-user"]
    with tempfile.TemporaryDirectory() as scrap:
        return subprocess.run(["unshare", *spaces, sys.executable, __file__, *flags, rookery, page],
                              env={**os.environ, "ROOKERY_DOCS_SCRAP": scrap}, **streams).returncode == 0


def check_tool(rookery):
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder, "page.md")
        page.write_text("```sh try\nx=5\n```\n```console try\n$ echo $x; false\n5\n```\n")
        right = tried(rookery, page)
        for slip in SLIPS:
            page.write_text(slip)
            if tried(rookery, page, stderr=subprocess.DEVNULL):
                right = False
                print(f"this must not pass:\n{slip}")
    return right


def try_pages(rookery, pages, flags):
    failed = 0
    for page in pages:
        if not list(steps(page.read_text())):
            continue
        began = time.monotonic()
        right = tried(rookery, page, flags)
        failed += not right
        print(f"{page.name}: {'as written' if right else 'FAILED'}, {time.monotonic() - began:.0f} s", flush=True)
    return failed == 0


def main():
    flags = [word for word in sys.argv[1:] if word == "--show"]
    words = [word for word in sys.argv[1:] if word != "--show"]
    if not words or words[0].startswith("-"):
        sys.exit(__doc__)
    rookery, pages = os.path.abspath(words[0]), [pathlib.Path(word) for word in words[1:]]
    if "ROOKERY_DOCS_SCRAP" in os.environ:
        furnish()
        try:
            Page(pages[0], rookery, bool(flags)).try_all(list(steps(pages[0].read_text())))
        except Wrong as error:
            sys.exit(f"{error}")
    elif pages:
        sys.exit(0 if try_pages(rookery, pages, flags) else 1)
    else:
        right = check_tool(rookery)
        sys.exit(0 if try_pages(rookery, sorted(PAGES.glob("*.md")), flags) and right else 1)


main()
