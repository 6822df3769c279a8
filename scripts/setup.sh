#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Installs what building Rookery needs, with --for-tests what its tests need as well, with --for-docs what the pages of docs/how-to
# need besides.
# Asks the system only for what is missing, so a second run changes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

swift_minimum="6.2"

fail() { echo "setup: $*" >&2; exit 1; }

check_swift() {
    command -v swift >/dev/null 2>&1 \
        || fail "Swift $swift_minimum or newer is needed and 'swift' is not in the path; see https://www.swift.org/install/linux/"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    [ "$(printf '%s\n%s\n' "$swift_minimum" "$version" | sort -V | head -n 1)" = "$swift_minimum" ] \
        || fail "Swift $swift_minimum or newer is needed, and this is ${version:-of unknown version}; see https://www.swift.org/install/linux/"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else fail "root is needed to install packages: run '$*' as root, then try again"; fi
}

is_installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# apt_install PACKAGE...: installs those that are missing.
apt_install() {
    local missing=()
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "setup: installing ${missing[*]}"
    apt_update_once
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
        </dev/null >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "apt-get could not install ${missing[*]}"; }
}

apt_update_once() {
    [ -z "${apt_is_fresh:-}" ] || return 0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq </dev/null >"$log" 2>&1 \
        || { tail -n 20 "$log" >&2; echo "setup: apt-get update failed; trying with the lists at hand" >&2; }
    apt_is_fresh=1
}

# unpack PROGRAM PACKAGE...: programs that tests start themselves, unpacked beside the build: no services of this machine.
unpack() {
    local program=$1 folder
    shift
    if [ -x ".build-tools/$program" ]; then return 0; fi
    echo "setup: unpacking $* into .build-tools"
    apt_update_once
    folder=$(mktemp -d)
    (cd "$folder" && apt-get download -qq "$@" </dev/null >"$log" 2>&1) \
        || { tail -n 20 "$log" >&2; fail "apt-get could not download $*"; }
    mkdir -p .build-tools
    for package in "$folder"/*.deb; do dpkg -x "$package" .build-tools; done
    rm -r "$folder"
}

# The peers written by others that the tests talk to.
install_python_peers() {
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || apt_install python3 python3-venv
    local wanted=.build-venv/requirements.txt
    if [ -x .build-venv/bin/python3 ] && cmp -s scripts/requirements.txt "$wanted"; then return 0; fi
    echo "setup: installing Python peers into .build-venv"
    rm -rf .build-venv
    python3 -m venv .build-venv
    .build-venv/bin/pip install --quiet --disable-pip-version-check --no-input -r scripts/requirements.txt \
        </dev/null >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "pip could not install scripts/requirements.txt"; }
    cp scripts/requirements.txt "$wanted"
}

log=$(mktemp)
trap 'rm -f "$log"' EXIT

check_swift
command -v apt-get >/dev/null 2>&1 \
    || fail "this script knows Debian's apt-get; elsewhere install libsecp256k1, lmdb, openssl, zstd, zlib and hiredis with their headers, and pkg-config"
apt_install pkg-config libsecp256k1-dev liblmdb-dev libssl-dev libzstd-dev zlib1g-dev libhiredis-dev ca-certificates git
case "${1:-}" in
    --for-tests | --for-docs)
        apt_install redis-server chromium valgrind binutils
        unpack usr/bin/prometheus prometheus
        install_python_peers
        ;;
esac
if [ "${1:-}" = "--for-docs" ]; then
    apt_install curl openssl
    unpack usr/sbin/nginx nginx nginx-common
    unpack usr/bin/caddy caddy
fi
