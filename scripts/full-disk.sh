#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# A bridge whose media lie on a disk of 256 KiB that fills up, and gets room again: posts wait, nothing is half there, nothing is
# lost. The disk is a tmpfs that nobody else sees, so this wants root.
#
#   scripts/full-disk.sh [BINARY]
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${ROOKERY_PRIVATE_MOUNTS:-}" ]; then
    [ "$(id -u)" = 0 ] || { echo "full-disk: skipped, as only root may mount a disk"; exit 0; }
    ROOKERY_PRIVATE_MOUNTS=1 exec unshare --mount "$0" "$@"
fi
binary=$(realpath "${1:-.build/debug/rookery}")
place=$(mktemp -d)
children=()
end() {
    for child in "${children[@]}"; do kill "$child" 2>/dev/null && wait "$child" || true; done
    umount "$place/data/media" 2>/dev/null || true
    rm -rf "$place"
}
trap end EXIT
fail() { echo "full-disk: $1" >&2; tail -n 20 "$place/log" >&2; exit 1; }
# soon WHAT COMMAND...: within a minute and a half the command succeeds.
soon() {
    local what=$1 end=$((SECONDS + 90))
    shift
    until "$@"; do [ $SECONDS -lt $end ] || fail "$what"; sleep 0.2; done
}

port=$((20000 + RANDOM % 20000))
x=http://127.0.0.1:$((port + 1)) relay=http://127.0.0.1:$port
mkdir -p "$place/data/media"
mount -t tmpfs -o size=256k tmpfs "$place/data/media"
"$binary" bridge stand-in --port $((port + 1)) >"$place/x.log" 2>&1 & children+=($!)
soon "the stand-in listens" curl -sfo /dev/null "$x/admin"
curl -sf "$x/admin/users" -d '{"username":"ada"}' >"$place/user"
cat >"$place/config.toml" <<TOML
data_dir = "$place/data"
[relay]
listen = "127.0.0.1:$port"
[sync]
enabled = false
[bridge]
enabled = true
api_base_url = "$x"
accounts = ["ada"]
poll_interval_s = 1
media = "store"
TOML
export ROOKERY_BRIDGE_BEARER_TOKEN=standin-app-token
ROOKERY_BRIDGE_MNEMONIC="$(printf 'abandon %.0s' {1..11})about"
export ROOKERY_BRIDGE_MNEMONIC
"$binary" serve --config "$place/config.toml" >"$place/log" 2>&1 & children+=($!)
soon "the relay listens" curl -sfo /dev/null "$relay/healthz"

# post NUMBER: a picture of 100 KiB, and a post that shows it.
post() {
    head -c 102400 /dev/urandom >"$place/$1.raw"
    { printf '\xff\xd8\xff\xe0'; cat "$place/$1.raw"; } >"$place/$1.jpg"
    printf '{"base64":"%s","content_type":"image/jpeg","width":8,"height":8}' "$(base64 -w0 "$place/$1.jpg")" >"$place/body"
    key=$(curl -sf "$x/admin/media" -d "@$place/body" | sed 's/.*"media_key":"\([^"]*\)".*/\1/')
    curl -sf "$x/admin/posts" -d "{\"user\":\"ada\",\"text\":\"post $1\",\"media\":[\"$key\"]}" >"$place/answer"
}
notes() { "$binary" scan --data-dir "$place/data" '{"kinds":[1]}' 2>/dev/null; }
has() { [ "$(notes | wc -l)" = "$1" ]; }
# serves NUMBER: the picture is served whole.
serves() { curl -sf "$relay/$(sha256sum <"$place/$1.jpg" | cut -d' ' -f1).jpg" | cmp -s - "$place/$1.jpg"; }
files() { find "$place/data/media" -type f; }

for number in 1 2; do post $number; soon "post $number" has $number; serves $number || fail "picture $number"; done
post 3
soon "the log says that the disk is full" grep -q "the disk is full" "$place/log"
has 2 || fail "a post came whose picture could not be kept"
[ -z "$(files | grep unfinished)" ] || fail "something half written is left"
for file in $(files); do [ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$(basename "$file")" ] || fail "$file is not whole"; done
mount -o remount,size=4m "$place/data/media"
soon "post 3, when there is room" has 3
for number in 1 2 3; do serves $number || fail "picture $number at the end"; done
curl -sf "$relay/healthz" >"$place/health" || fail "the relay is well"
echo "full-disk: posts waited for room, and nothing was lost"
