#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Sees that the files of packaging/monitoring are whole, as far as that shows without running anything.

    .build-venv/bin/python3 scripts/check-monitoring.py

Promtool's word on rules and configuration, the tests of the rules and that each alert has some, the dashboard in the eyes
of Grafana's own model of one.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "packaging" / "monitoring"
TOOLS = f"{ROOT}/.build-tools/usr/bin:{os.environ.get('PATH', '')}"


def expect(truth, words):
    if not truth:
        sys.exit(f"wrong: {words}")


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], cwd=FOLDER, env={**os.environ, "PATH": TOOLS},
                          capture_output=True, text=True)
    expect(done.returncode == 0, f"promtool {' '.join(arguments)}:\n{done.stdout}{done.stderr}")


def main():
    """What can be seen without running anything."""
    promtool("check", "config", "prometheus.yml")
    promtool("check", "rules", "rookery.rules.yml")
    promtool("test", "rules", "rookery.rules.test.yml")
    rules, tests = (FOLDER / "rookery.rules.yml").read_text(), (FOLDER / "rookery.rules.test.yml").read_text()
    alerts = re.findall(r"- alert: (\w+)", rules)
    for alert in alerts:
        expect(f"alertname: {alert}, exp_alerts: []" in tests, f"no test says when {alert} does not fire")
        expect(f"alertname: {alert}\n" in tests, f"no test says when {alert} fires")
    expect(len(re.findall(r"runbook: docs/", rules)) == len(alerts), "an alert without a runbook")
    made = subprocess.run([sys.executable, FOLDER / "dashboard.py"], capture_output=True, text=True, check=True).stdout
    text = (FOLDER / "grafana-dashboard.json").read_text()
    expect(made == text, "grafana-dashboard.json is not what dashboard.py writes")
    dashboard = json.loads(text)
    lost = list(unknown_to_grafana(dashboard))
    expect(not lost, f"the dashboard has what Grafana does not know: {lost[:5]}")
    expect(list(unknown_to_grafana({**dashboard, "titel": "x"})), "the check of the dashboard finds nothing")
    print(f"{len(alerts)} alerts, each with tests that it fires and that it does not; the dashboard is one for Grafana")


def unknown_to_grafana(dashboard):
    """Paths that Grafana's own model of a dashboard drops or changes."""
    from grafana_foundation_sdk.cog import plugins
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.models.dashboard import Dashboard
    plugins.register_default_plugins()
    known = json.loads(json.dumps(Dashboard.from_json(dashboard), cls=JSONEncoder))

    def differences(given, kept, path):
        if isinstance(given, dict) and isinstance(kept, dict):
            for key, value in given.items():
                yield from differences(value, kept.get(key), f"{path}.{key}")
        elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
            for index, (one, other) in enumerate(zip(given, kept)):
                yield from differences(one, other, f"{path}[{index}]")
        elif given != kept:
            yield path

    return differences(dashboard, known, "")


main()
