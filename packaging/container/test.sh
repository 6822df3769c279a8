#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# What the image holds, run as the image would run it: its own root and nothing else in it, its own user, its own network.
# Wants root.
#
#   packaging/container/test.sh BINARY
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${ROOKERY_PRIVATE_WORLD:-}" ]; then
    [ "$(id -u)" = 0 ] || { echo "container/test: skipped, as only root may change roots"; exit 0; }
    ROOKERY_PRIVATE_WORLD=1 exec unshare --mount --net --pid --fork --kill-child "$0" "$@"
fi
packaging/loopback.sh
binary=$(realpath "${1:?usage: packaging/container/test.sh BINARY}")
place=$(mktemp -d)
image=$place/image
trap 'umount "$image/proc" 2>/dev/null; rm -rf "$place"' EXIT
fail() { echo "container/test: $*" >&2; tail -n 20 "$place/log" >&2; exit 1; }
packaging/container/root.sh "$binary" "$image"
mkdir "$image/proc" "$image/dev"
mount -t proc proc "$image/proc"
mknod -m 666 "$image/dev/null" c 1 3
mknod -m 666 "$image/dev/urandom" c 1 9

# rookery ARGUMENTS: as the Containerfile's ENTRYPOINT, ENV and USER have it.
mapfile -t environment < <(sed -n 's/^ENV //p' packaging/container/Containerfile | tr ' ' '\n')
rookery() { env -i "${environment[@]}" "$(command -v chroot)" --userspec=65532:65532 "$image" /usr/bin/rookery "$@"; }
# probe: the HEALTHCHECK.
probe() { rookery health >"$place/probe" 2>&1; }
[ "$(sed -n 's/^HEALTHCHECK.*CMD //p' packaging/container/Containerfile)" = '["/usr/bin/rookery", "health"]' ] || fail "another probe"
rookery --version >"$place/log" || fail "it does not run"
if probe; then fail "it is healthy before it runs"; fi
rookery serve >"$place/log" 2>&1 &
served=$!
end=$((SECONDS + 20))
until probe; do [ $SECONDS -lt $end ] || fail "the relay does not serve: $(cat "$place/probe")"; sleep 0.1; done
[ "$(curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:7777/healthz)" = 200 ] || fail "it is not healthy"
[ "$(stat -c '%a %u' "$image/data/rookery")" = "700 65532" ] || fail "its data are open to others"
kill -TERM "$(cat "$image/data/rookery/lock")"
wait "$served" || fail "it ended with $?"
if probe; then fail "it is healthy after its end"; fi
echo "container/test: $(du -sm --apparent-size "$image" --exclude=proc --exclude=data | cut -f1) MB, served and was healthy"
