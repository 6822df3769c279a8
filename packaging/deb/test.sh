#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# The Debian package in a Debian that has nothing else: installed, started, written to over the network, upgraded, removed, purged.
# Wants root, and no network but its own.
#
#   packaging/deb/test.sh BINARY
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${ROOKERY_PRIVATE_WORLD:-}" ]; then
    [ "$(id -u)" = 0 ] || { echo "deb/test: skipped, as only root may install packages"; exit 0; }
    # Nothing that is mounted, listened on or left running here reaches further.
    ROOKERY_PRIVATE_WORLD=1 exec unshare --mount --net --pid --fork --kill-child "$0" "$@"
fi
packaging/loopback.sh
binary=$(realpath "${1:?usage: packaging/deb/test.sh BINARY}")
place=$(mktemp -d)
root=$place/root
trap 'umount "$root/proc" 2>/dev/null; rm -rf "$place"' EXIT
fail() { echo "deb/test: $*" >&2; [ ! -f "$place/log" ] || tail -n 20 "$place/log" >&2; exit 1; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
as_service() { inside setpriv --reuid=rookery --regid=rookery --clear-groups "$@"; }
# is MODE OWNER PATH
is() { [ "$(inside stat -c '%a %U:%G' "$3")" = "$1 $2" ] || fail "$3 is $(inside stat -c '%a %U:%G' "$3"), not $1 $2"; }
# start, stop: what the unit does, without a service manager.
start() {
    as_service rookery serve --config /etc/rookery/rookery.toml >"$place/log" 2>&1 &
    served=$!
    local end=$((SECONDS + 20))
    until as_service rookery health --config /etc/rookery/rookery.toml >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "the relay does not serve"
        sleep 0.1
    done
}
stop() {
    kill -TERM "$(cut -d' ' -f1 "$root/var/lib/rookery/lock")"
    wait "$served" || fail "the relay ended with $?"
}
# told VERB: what a client of another's making sees of the note.
told() { .build-venv/bin/python3 packaging/deb/client.py "$1" packaging/deb/note.json || fail "the client could not $1"; }

# Quickly, not small.
export ROOKERY_DEB_COMPRESSION=gzip ROOKERY_DEB_LEVEL=1
old=$(packaging/deb/build.sh "$binary" "$place" 0.0.1 2>>"$place/log") || fail "no package"
new=$(packaging/deb/build.sh "$binary" "$place" 2>>"$place/log") || fail "no package"
dpkg-deb --field "$new" Depends Installed-Size Static-Built-Using
if command -v lintian >/dev/null; then
    lintian --allow-root --no-cfg --fail-on error,warning "$new" || fail "lintian complains"
fi
mapfile -t wanted < <(dpkg-deb --field "$new" Depends | tr , '\n' | sed 's/^ *\([^ |(]*\).*/\1/')
packaging/deb/clean-root.sh "$root" "${wanted[@]}"
mount -t proc proc "$root/proc"
cp "$old" "$new" "$root/tmp"
inside find / -xdev -not -path '/proc*' -not -path '/tmp*' | sort >"$place/before"

inside dpkg -i "/tmp/$(basename "$old")" >>"$place/log" 2>&1 || fail "it cannot be installed"
[ "$(inside rookery --version)" = "$("$binary" --version)" ] || fail "it does not run"
inside rookery config check --config /etc/rookery/rookery.toml >"$place/config" || fail "its configuration is wrong"
grep -q '^data_dir = "/var/lib/rookery"$' "$place/config" || fail "its data are elsewhere"
is 700 rookery:rookery /var/lib/rookery
is 750 root:rookery /etc/rookery
is 640 root:root /etc/rookery/rookery.env
(cd "$root" && md5sum --quiet -c var/lib/dpkg/info/rookery.md5sums) || fail "files are not what the package says"
[ -L "$root/etc/systemd/system/multi-user.target.wants/rookery.service" ] || fail "it would not start with the machine"

start
told publish
is 600 rookery:rookery /var/lib/rookery/relay.key
sed -i '0,/^#name = .*/s//name = "kept by an upgrade"/' "$root/etc/rookery/rookery.toml"
stop
cp "$root/var/lib/rookery/relay.key" "$place/key"
inside dpkg -i --force-confold "/tmp/$(basename "$new")" >>"$place/log" 2>&1 || fail "it cannot be upgraded"
start
told read
as_service rookery status --config /etc/rookery/rookery.toml | grep -q 'events  *1,' || fail "the event is not there"
[ "$(curl -sf -H 'Accept: application/nostr+json' http://127.0.0.1:7777/ | grep -o 'kept by an upgrade')" ] || fail "the configuration was not kept"
[ "$(curl -s -o "$place/health" -w '%{http_code}' http://127.0.0.1:7777/healthz)" = 200 ] || fail "it is not healthy"
stop

inside dpkg -r rookery >>"$place/log" 2>&1 || fail "it cannot be removed"
[ ! -e "$root/usr/bin/rookery" ] || fail "the program is left"
cmp "$root/var/lib/rookery/relay.key" "$place/key" || fail "its data went with it"
[ -f "$root/etc/rookery/rookery.toml" ] || fail "its configuration went with it"
inside dpkg -P rookery >>"$place/log" 2>&1 || fail "it cannot be purged"
inside find / -xdev -not -path '/proc*' -not -path '/tmp*' | sort >"$place/after"
# Its user stays, and what dpkg, adduser and deb-systemd-helper keep for themselves.
left=$(comm -13 "$place/before" "$place/after" | grep -vE '^/(etc/(passwd|group|shadow|gshadow|subuid|subgid)-?(\.org|\.lock)?|etc/\.pwd\.lock|var/lib/dpkg/(status|diversions|lock|available|triggers/.*|lock-frontend)(-old)?|var/log/dpkg\.log|var/cache/(man|ldconfig)/.*|(var/lib|etc)/systemd(/.*)?|run/adduser)$' || true)
[ -z "$left" ] || fail "a purge leaves $left"
echo "deb/test: installed, served, upgraded, removed and purged"
