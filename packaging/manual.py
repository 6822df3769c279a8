#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Turns what `rookery --experimental-dump-help` says (standard input) into a manual page, so that the page knows every command and
every flag. The arguments are the version and the date."""
import json
import sys

FILES = [
    ("/etc/rookery/rookery.toml", "The configuration of the service; every key with its default, commented out."),
    ("/etc/rookery/rookery.env", "Environment of the service: secrets, and keys that beat the configuration."),
    ("/var/lib/rookery", "The service's data directory: the store, the relay's key, the control socket. Belongs to the user rookery."),
]
NOTES = """\
The service is started by
.BR systemctl (1).
Tools find its data by the same configuration, and are best run as its user:
.PP
.in +4n
.EX
sudo \\-u rookery rookery status \\-\\-config /etc/rookery/rookery.toml
.EE
.in"""
SIGNALS = [
    ("SIGTERM, SIGINT", "The batch in hand is finished, and the process ends with 0 within five seconds."),
    ("SIGHUP", "The configuration is read again; what can change in a running relay does."),
]
ENVIRONMENT = [
    ("ROOKERY_…", "A variable for every key: ROOKERY_RELAY_LISTEN for relay.listen. ROOKERY_CONFIG names the file."),
    ("NOTIFY_SOCKET, WATCHDOG_USEC", "Set by systemd: who is told of start, reload and end, and how often of life."),
]
CODES = [("0", "Done."), ("1", "Something failed."), ("2", "The command line or the configuration is wrong.")]


def escape(text):
    """Text as troff takes it literally."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.split("\n"))


def names(argument):
    """How an argument is written, with its value."""
    value = f" \\fI{escape(argument['valueName'])}\\fR" if argument["kind"] == "option" else ""
    if argument["kind"] == "positional":
        return f"\\fI{escape(argument['valueName'])}\\fR"
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    words = [dashes[name["kind"]] + name["name"] for name in argument["names"]]
    return ", ".join(f"\\fB{escape(word)}\\fR" for word in words) + value


def listed(pairs):
    return [line for term, text in pairs for line in (".TP", f"\\fB{escape(term)}\\fR", escape(text))]


def described(argument):
    words = [argument.get("abstract", ""), argument.get("discussion", "")]
    if default := argument.get("defaultValue"):
        words.append(f"Default: {default}.")
    return escape(" ".join(word for word in words if word)) or "\\&"


def own(command):
    hidden = {"help", "version"}
    return [a for a in command.get("arguments", []) if a.get("shouldDisplay", True) and not hidden & {n["name"] for n in a.get("names", [])}]


def commands(command, path):
    """The command and those below it, each as a section of its own."""
    path = path + [command["commandName"]]
    below = [c for c in command.get("subcommands", []) if c.get("shouldDisplay", True) and c["commandName"] != "help"]
    lines = []
    if len(path) > 1:
        lines += [f".SS {escape(' '.join(path))}", escape(command.get("abstract", ""))]
        if text := command.get("discussion"):
            lines += [".PP", escape(text)]
        for argument in own(command):
            if common(argument):
                continue
            lines += [".TP", names(argument), described(argument)]
    for each in below:
        lines += commands(each, path)
    return lines


def common(argument):
    """The flags that every command has are told once."""
    return {n["name"] for n in argument.get("names", [])} & {"config", "data-dir", "log-level", "log-format", "set"}


def main():
    version, date = sys.argv[1:3]
    root = json.load(sys.stdin)["command"]
    serve = next(c for c in root["subcommands"] if c["commandName"] == "serve")
    page = [f'.TH ROOKERY 1 "{date}" "rookery {version}" "User Commands"', ".SH NAME"]
    page += [f"rookery \\- {escape(root['abstract'].rstrip('.'))}", ".SH SYNOPSIS", ".B rookery", ".I command", "[\\fIflags\\fR]"]
    page += [".SH DESCRIPTION", escape(root["discussion"]).replace("\n\n", "\n.PP\n"), ".PP", NOTES, ".SH OPTIONS", "Every command takes these."]
    for argument in own(serve):
        if common(argument):
            page += [".TP", names(argument), described(argument)]
    page += [".SH COMMANDS"] + commands(root, [])
    page += [".SH EXIT STATUS"] + listed(CODES) + [".SH SIGNALS"] + listed(SIGNALS)
    page += [".SH ENVIRONMENT"] + listed(ENVIRONMENT) + [".SH FILES"] + listed(FILES)
    page += [".SH SEE ALSO", "/usr/share/doc/rookery/configuration.md, every key of the configuration."]
    print("\n".join(page))


main()
