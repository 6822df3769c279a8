#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Tries packaging/monitoring with a real Prometheus: rules, the dashboard, alerts whose cause is made.

    .build-venv/bin/python3 scripts/try-monitoring.py ROOKERY

ROOKERY is the program to try; scripts/check-monitoring.py goes first. Prometheus and promtool come with the Debian package `prometheus`, unpacked into
.build-tools by scripts/setup.sh --for-tests. Relays of three sorts run for half a minute: one is well, one is ill in as
many ways as can be had at once, one comes and goes. Exit code 0: everything was as it has to be.
"""
import asyncio
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "packaging" / "monitoring"
TOOLS = f"{ROOT}/.build-tools/usr/bin:{os.environ.get('PATH', '')}"
WORDS = " ".join(["abandon"] * 11 + ["about"])
# What the relay that is ill has to be told of, and what must be told of the others.
EXPECTED = {
    "ill": {"RookeryCannotWrite", "RookeryWritesFail", "RookeryMapNearlyFull", "RookerySyncStuck",
            "RookeryBridgeStuck", "RookeryFilesNearLimit"},
    "poor": {"RookeryBridgeSpendNearCap"},
    "restless": {"RookeryRestartLoop", "RookeryDown"},
    "well": set(),
}
# These are about this machine's disk, whatever the relay does.
OF_THE_MACHINE = {"RookeryDiskNearlyFull", "RookeryDiskFullInADay"}


class Wrong(Exception):
    pass


def expect(truth, words):
    if not truth:
        raise Wrong(words)


def get(url, body=None):
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10) as answer:
        return answer.read().decode()


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def eventually(words, seconds, check):
    """Waits until `check` gives something true; what it gave is in the complaint otherwise."""
    end, last = time.monotonic() + seconds, None
    while time.monotonic() < end:
        try:
            last = check()
            if last:
                return last
        except (OSError, ValueError) as error:
            last = error
        time.sleep(0.1)
    raise Wrong(f"{words}: not within {seconds} s ({last})")


class House:
    """The processes of one trial; all are ended with it."""

    def __init__(self, rookery, folder):
        self.rookery, self.folder, self.children = rookery, folder, []

    def start(self, name, command, **environment):
        log = open(self.folder / f"{name}.log", "a")
        child = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
            env={**os.environ, "PATH": TOOLS, **environment})
        self.children.append(child)
        return child

    def relay(self, name, port, toml, token="standin-app-token"):
        (self.folder / f"{name}.toml").write_text(toml)
        child = self.start(
            name, [self.rookery, "serve", "--config", f"{name}.toml", "--data-dir", name, "--listen", f"127.0.0.1:{port}"],
            ROOKERY_BRIDGE_BEARER_TOKEN=token, ROOKERY_BRIDGE_MNEMONIC=WORDS)
        eventually(f"{name} answers", 20, lambda: get(f"http://127.0.0.1:{port}/metrics"))
        return child

    def end(self):
        for child in reversed(self.children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


async def use(url, events):
    """Publishes notes, reads them and hears them live."""
    import websockets
    from nostr_sdk import EventBuilder, Keys, Kind
    keys = Keys.generate()
    refusals = 0
    async with websockets.connect(url, max_size=None) as listener, websockets.connect(url, max_size=None) as client:
        await listener.send('["REQ","live",{"kinds":[1]}]')
        await listener.recv()
        for index in range(events):
            note = EventBuilder(Kind(1), f"{index} " * 500).finalize(keys)
            await client.send(f'["EVENT",{note.as_json()}]')
            refusals += not json.loads(await client.recv())[2]
        for question in ('["REQ","a",{"kinds":[1]}]', '["COUNT","b",{"kinds":[1]}]'):
            await client.send(question)
            while json.loads(await client.recv())[0] == "EVENT":
                pass
    return refusals


class Prometheus:
    def __init__(self, house, ports):
        self.port = free_port()
        rules = (FOLDER / "rookery.rules.yml").read_text()
        # Nobody waits for an hour here; that the waiting is right is what the tests of promtool show.
        (house.folder / "rookery.rules.yml").write_text(re.sub(r"\n +for: \w+", "", rules))
        settings = (FOLDER / "prometheus.yml").read_text().replace("15s", "1s")
        places = "".join(f'\n      - targets: ["127.0.0.1:{port}"]\n        labels: {{ name: {name} }}'
                         for name, port in ports.items())
        settings = re.sub(r'\n      - targets: \["127.0.0.1:7777"\]', places, settings)
        (house.folder / "prometheus.yml").write_text(settings)
        house.start("prometheus", ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
                                   f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"])
        eventually("Prometheus is ready", 20, lambda: get(f"http://127.0.0.1:{self.port}/-/ready"))

    def ask(self, path, **query):
        answer = json.loads(get(f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"))
        expect(answer["status"] == "success", f"{path}: {answer}")
        return answer["data"]

    def series(self, expression):
        return self.ask("query", query=expression)["result"]

    def firing(self):
        """Names of alerts by the name of the relay."""
        found = {}
        for alert in self.ask("alerts")["alerts"]:
            if alert["state"] == "firing":
                found.setdefault(alert["labels"].get("name", ""), set()).add(alert["labels"]["alertname"])
        return found


def check_rules(prometheus, alerts):
    rules = [rule for group in prometheus.ask("rules")["groups"] for rule in group["rules"]]
    expect(sorted(rule["name"] for rule in rules) == sorted(alerts), "Prometheus has other rules than the file")
    ill = {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] != "ok"}
    expect(not ill, f"rules that are not evaluated: {ill}")


def check_names(dashboard, pages):
    """Every metric that is named anywhere is one that a relay declares; gives those that have no figure anywhere."""
    declared = set(re.findall(r"^# TYPE (\S+)", pages, re.M))
    histograms = set(re.findall(r"^# TYPE (\S+) histogram", pages, re.M))
    told = set(re.findall(r"^([a-z_]+)[{ ]", pages, re.M))
    text = (FOLDER / "rookery.rules.yml").read_text() + json.dumps(dashboard)
    named = set(re.findall(r"\b(?:rookery|process|tweets|writer)_[a-z_]+[a-z]", text))
    for name in named:
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        expect(name in declared or base in histograms, f"{name} is a metric of no relay")
    print(f"metrics: {len(declared)} declared, {len(named)} named in rules and dashboard")
    return named - told


def check_dashboard(prometheus, dashboard, silent):
    """Every expression gives data, but those that ask for what has not happened, or for more than nothing."""
    shown = empty = 0
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            expression = (target["expr"].replace("$job", "rookery").replace("$instance", ".*")
                          .replace("$__rate_interval", "10s"))
            result = prometheus.series(expression)
            words = f"{panel['title']}: {target['expr']}"
            may_be_empty = expression.endswith("> 0") or any(name in expression for name in silent)
            expect(result or may_be_empty, f"no data: {words}")
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                expect(all(label in one["metric"] for one in result), f"no label {label}: {words}")
            shown, empty = shown + 1, empty + (not result)
    print(f"dashboard: {shown} expressions, {empty} of them about what has not happened")


def try_alerts(house, folder):
    subprocess.run([sys.executable, ROOT / "scripts" / "check-monitoring.py"], check=True)
    alerts = re.findall(r"- alert: (\w+)", (FOLDER / "rookery.rules.yml").read_text())
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    ports = {name: free_port() for name in EXPECTED}
    x, upstream = free_port(), free_port()
    house.start("x", [house.rookery, "bridge", "stand-in", "--port", str(x)])
    eventually("the stand-in answers", 10, lambda: get(f"http://127.0.0.1:{x}/admin"))
    get(f"http://127.0.0.1:{x}/admin/users", b'{"username":"ada","name":"Ada"}')
    get(f"http://127.0.0.1:{x}/admin/posts", b'{"user":"ada","text":"Hello"}')
    bridge = f'[bridge]\nenabled = true\napi_base_url = "http://127.0.0.1:{x}"\naccounts = ["ada"]\npoll_interval_s = 1\n'
    stream = f'[[stream]]\nurls = ["ws://127.0.0.1:{upstream}"]\nfilter = \'{{"kinds":[1]}}\'\ndirection = "both"\n'
    house.relay("upstream", upstream, "")
    house.relay("well", ports["well"], f'[sync]\nbootstrap = ["ws://127.0.0.1:{upstream}"]\n{stream}{bridge}')
    house.relay("poor", ports["poor"], f"{bridge}daily_spend_cap_usd = 0.0105\n")
    ill = house.relay("ill", ports["ill"], f'[store]\nmap_size_gib = 0.002\n[sync]\nstuck_after_s = 1\n'
                      f'bootstrap = ["ws://127.0.0.1:{free_port()}"]\n{bridge}', token="wrong")
    restless = house.relay("restless", ports["restless"], "")
    prometheus = Prometheus(house, ports)

    expect(asyncio.run(use(f"ws://127.0.0.1:{ports['well']}", 50)) == 0, "the relay that is well refuses notes")
    expect(asyncio.run(use(f"ws://127.0.0.1:{ports['ill']}", 600)) > 0, "a map of 2 MiB holds everything")
    opened = len(os.listdir(f"/proc/{ill.pid}/fd"))
    resource.prlimit(ill.pid, resource.RLIMIT_NOFILE, (opened + 2, opened + 2))
    for _ in range(3):
        # Its start is told in whole seconds, and each has to be scraped.
        began = float(prometheus.series('process_start_time_seconds{name="restless"}')[0]["value"][1])
        time.sleep(max(0, began + 1 - time.time()))
        restless.send_signal(signal.SIGTERM)
        restless.wait(timeout=10)
        restless = house.relay("restless", ports["restless"], "")
        eventually("the new start is seen", 10, lambda: prometheus.series(
            f'process_start_time_seconds{{name="restless"}} > {began}'))
    pages = "".join(get(f"http://127.0.0.1:{port}/metrics") for port in ports.values())
    check_rules(prometheus, alerts)
    check_dashboard(prometheus, dashboard, check_names(dashboard, pages))
    restless.send_signal(signal.SIGTERM)

    missing = {}

    def all_fire():
        firing = prometheus.firing()
        missing.clear()
        missing.update({name: wanted - firing.get(name, set()) for name, wanted in EXPECTED.items()
                        if wanted - firing.get(name, set())})
        return not missing

    try:
        eventually("the alerts fire", 25, all_fire)
    except Wrong as error:
        raise Wrong(f"{error}: {missing}") from None
    firing = prometheus.firing()
    for name in ("well", "poor"):
        more = firing.get(name, set()) - EXPECTED[name] - OF_THE_MACHINE
        expect(not more, f"the relay that is {name} is told of, too: {more}")
    for name, wanted in EXPECTED.items():
        print(f"{name}: {', '.join(sorted(wanted)) or 'nothing is told of it'}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="rookery-monitoring-"))
    house = House(os.path.abspath(sys.argv[1]), folder)
    began, right = time.monotonic(), False
    try:
        try_alerts(house, folder)
        right = True
    except (Wrong, subprocess.CalledProcessError) as error:
        print(f"wrong: {error}", file=sys.stderr)
    finally:
        house.end()
    if right:
        shutil.rmtree(folder)
        print(f"all as it has to be, in {time.monotonic() - began:.0f} s")
    else:
        sys.exit(f"logs are in {folder}")


main()
