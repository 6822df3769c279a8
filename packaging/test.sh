#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Everything in this folder, tried: the release program alone in a root of its own, the Debian package in a clean Debian, the unit,
# the manifests. What wants a tool that is not here says so and is left out; root is wanted for the roots.
#
#   packaging/test.sh BINARY
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "${1:?usage: packaging/test.sh BINARY}")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
fail() { echo "packaging/test: $*" >&2; exit 1; }
# have TOOL WHAT: whether it is here, said when not.
have() { command -v "$1" >/dev/null 2>&1 || { echo "packaging/test: no $1: $2 is not checked"; return 1; }; }
export PATH="$PWD/.build-venv/bin:$PATH"

# One file that wants glibc and libgcc_s, and nothing else.
mapfile -t wanted < <(ldd "$binary" | sed -nE 's/^\s*([^ ]*\/)?(\S+)( => .*)? \(0x.*/\2/p' | grep -vE '^(linux-vdso|ld-linux|libc\.so|libm\.so|libgcc_s\.so)')
[ ${#wanted[@]} = 0 ] || fail "the program wants ${wanted[*]}"

# The configuration that is installed: as it stands, and with every line in force, it is what no configuration is.
"$binary" config reference | packaging/defaults.py 'data_dir="/var/lib/rookery"' >"$place/rookery.toml"
"$binary" config check --config "$place/rookery.toml" >"$place/as-installed"
sed -e '/^#\[\[/,$d' -e 's/^#\([a-z_0-9]* = \)/\1/' "$place/rookery.toml" >"$place/in-force.toml"
"$binary" config check --config "$place/in-force.toml" --set bridge.enabled=false | sed '/^\[bridge\]$/,$d' >"$place/in-force"
"$binary" config check --data-dir /var/lib/rookery >"$place/without"
cmp "$place/as-installed" "$place/without" || fail "the installed configuration is not the default"
diff --ignore-blank-lines "$place/in-force" "$place/without" || fail "a default in the installed configuration is none"
"$binary" config check --config packaging/kubernetes/rookery.toml >/dev/null || fail "the configuration for Kubernetes is wrong"

# The manual page knows every command, and man has nothing to say about it.
"$binary" --experimental-dump-help | packaging/manual.py 0 2000-01-01 >"$place/rookery.1"
for command in $("$binary" --help | sed -n '/^SUBCOMMANDS/,$s/^  \([a-z-]*\) .*/\1/p'); do
    grep -qx "\.SS rookery ${command//-/\\\\-}" "$place/rookery.1" || fail "the manual page does not know $command"
done
if have man "the manual page"; then
    said=$(LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z "$place/rookery.1" 2>&1 >/dev/null)
    [ -z "$said" ] || fail "the manual page: $said"
fi
"$binary" --generate-completion-script bash | bash -n || fail "the completions for bash"

if have systemd-analyze "the unit"; then
    mkdir -p "$place/unit/usr/bin"
    cp packaging/systemd/rookery.service "$place/unit"
    sed -i "s|/usr/bin/rookery|$binary|" "$place/unit/rookery.service"
    said=$(systemd-analyze verify --man=no "$place/unit/rookery.service" 2>&1) || fail "the unit: $said"
    [ -z "$said" ] || fail "the unit: $said"
    # In tenths: 1.5 of 10 is the most that it may be exposed.
    said=$(systemd-analyze security --offline=true --no-pager --threshold=15 "$place/unit/rookery.service") || fail "the unit is exposed: ${said##*$'\n'}"
    echo "unit: ${said##*→ }"
fi
if have yamllint "the shape of the manifests"; then
    yamllint -d '{extends: default, rules: {line-length: {max: 130}}}' packaging/kubernetes
fi
if have kubernetes-validate "whether Kubernetes takes the manifests"; then
    for file in packaging/kubernetes/*.yaml; do
        case "$file" in */kustomization.yaml | */servicemonitor.yaml) continue ;; esac
        kubernetes-validate --quiet --strict "$file" >"$place/said" 2>&1 || fail "$file: $(cat "$place/said")"
    done
fi
if have kubectl "the kustomization"; then kubectl kustomize packaging/kubernetes >"$place/all.yaml"; fi
if have hadolint "the Containerfile"; then hadolint packaging/container/Containerfile; fi
if have shellcheck "the scripts"; then
    shellcheck -S warning scripts/build-release.sh scripts/package.sh packaging/test.sh packaging/*/*.sh packaging/deb/{postinst,prerm,postrm}
fi
if have logrotate "the rotation of logs"; then
    mkdir "$place/logs"
    sed -e "s|/var/log/rookery|$place/logs|" packaging/logrotate/rookery >"$place/rotation"
    seq 1000 >"$place/logs/rookery.log"
    logrotate --force --state "$place/state" "$place/rotation" || fail "logrotate complains"
    if [ -s "$place/logs/rookery.log" ] || [ ! -s "$place/logs/rookery.log.1" ]; then fail "logrotate did not rotate"; fi
fi

packaging/container/test.sh "$binary"
packaging/deb/test.sh "$binary"
