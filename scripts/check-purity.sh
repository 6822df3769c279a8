#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Pure targets decide and perform nothing: no I/O, no clock, no logging, no chance without a generator.
# No source forces an optional or a try. First tries itself on slips it must find, then looks at the tree.
set -euo pipefail
cd "$(dirname "$0")/.."

pure_targets=(NostrCore RepositoryRules RelaySession SyncPlanner Negentropy TweetCore)
# Cores that live beside their shells.
pure_folders=(rookery/Streams/Course TweetBridge/Posting/Course TweetBridge/Moderating/Pages)

# What must not stand in a pure target; comments and strings are taken off the lines first.
impure='^ *(@[A-Za-z_]+ +)*(public |internal |private |package )?import +(NIO|Logging|Foundation|Dispatch|Synchronization|Glibc|Musl|Darwin|Telemetry|ServiceLifecycle)'
impure+='|\b(ContinuousClock|SuspendingClock|DispatchQueue|DispatchTime|Task|Date)\b *[.({<]'
impure+='|\bTaskGroup\b|\bwith(Throwing)?TaskGroup\b|\basync\b|\bawait\b|\bclock_gettime\b|\bgettimeofday\b'
impure+='|\bSystemRandomNumberGenerator\b|\.random\((in: *[^,()]*)?\)|\.shuffled\(\)|\.shuffle\(\)|\.randomElement\(\)'
impure+='|\bprint\(|\bgetenv\('

# What must not stand in any source: a forced optional, try or cast. `!=`, `!x` and `#if !` are fine.
forced='\btry!|\bas!|[A-Za-z0-9_)\]>]!([^=A-Za-z(]|$)'

# code FILE: its lines with numbers, without strings and comments.
code() {
    awk '
        {
            line = $0
            if (inText) { if (index(line, "\"\"\"")) { inText = 0 } ; next }
            gsub(/\\"/, "", line)
            if (match(line, /#*"""/)) { rest = substr(line, RSTART + RLENGTH); if (!index(rest, "\"\"\"")) inText = 1; line = substr(line, 1, RSTART - 1) }
            gsub(/"[^"]*"/, "\"\"", line)
            gsub(/`[^`]*`/, "``", line)
            sub(/\/\/.*/, "", line)
            print FILENAME ":" FNR ": " line
        }' "$1"
}

# slips PATTERN FILE...: lines that match; exit code 0 when there are any.
slips() {
    local pattern=$1
    shift
    local found=1
    for file in "$@"; do
        if code "$file" | grep -P "^[^ ]*:\d+: .*?(?:${pattern//^ \*/(?<=: ) *})"; then found=0; fi
    done
    return $found
}

self_test() {
    local folder=$1 line
    while IFS= read -r line; do
        printf '%s\n' "$line" >"$folder/Slip.swift"
        slips "$impure" "$folder/Slip.swift" >/dev/null || { echo "check-purity: blind to: $line" >&2; return 1; }
    done <<'SLIPS'
import NIOCore
public import Foundation
@preconcurrency import Logging
let now = ContinuousClock().now
Task { work() }
let delay = Double.random(in: 0...1)
let one = list.shuffled()
let one = list.randomElement()
func fetch() async {
let day = Date()
var rng = SystemRandomNumberGenerator()
print("here")
SLIPS
    while IFS= read -r line; do
        printf '%s\n' "$line" >"$folder/Fine.swift"
        ! slips "$impure" "$folder/Fine.swift" || { echo "check-purity: sees a slip in: $line" >&2; return 1; }
    done <<'FINE'
import NostrCore
let delay = Double.random(in: 0...1, using: &rng)
let order = list.shuffled(using: &rng)
// a Task { } in a comment
let text = "import NIOCore and Task { }"
let updated = UpdateDate.last
FINE
    while IFS= read -r line; do
        printf '%s\n' "$line" >"$folder/Slip.swift"
        slips "$forced" "$folder/Slip.swift" >/dev/null || { echo "check-purity: blind to: $line" >&2; return 1; }
    done <<'SLIPS'
let a = try! load()
let b = value as! Int
let c = table[key]!
let d = first(of: list)!.name
let e = name!
SLIPS
    while IFS= read -r line; do
        printf '%s\n' "$line" >"$folder/Fine.swift"
        ! slips "$forced" "$folder/Fine.swift" || { echo "check-purity: sees a slip in: $line" >&2; return 1; }
    done <<'FINE'
guard a != b, !c else { return }
let text = "really!"
// mind this!
if a !== b { }
func ! (x: Int) {}
FINE
}

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
self_test "$folder"

status=0
for target in "${pure_targets[@]}" "${pure_folders[@]}"; do
    mapfile -d '' files < <(find "Sources/$target" -name '*.swift' -print0 | sort -z)
    [ ${#files[@]} -gt 0 ] || { echo "check-purity: no sources in Sources/$target" >&2; status=1; continue; }
    if slips "$impure" "${files[@]}"; then status=1; fi
done
mapfile -d '' files < <(find Sources -name '*.swift' -print0 | sort -z)
if slips "$forced" "${files[@]}"; then status=1; fi
[ $status = 0 ] && echo "check-purity: ${pure_targets[*]} are pure; nothing is forced" \
    || echo "check-purity: the lines above do what a pure target, or any source, must not" >&2
exit $status
