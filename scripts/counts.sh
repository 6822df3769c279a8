#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Counts the instructions and allocations of the hottest paths with callgrind, and compares them with Benchmarks/counts.txt.
# Unlike times, they are the same on a busy machine.
#
#   scripts/counts.sh          compares; exit code 1 when a path takes more than the tolerance above its pin
#   scripts/counts.sh --pin    writes what was counted as the new pins
set -euo pipefail
cd "$(dirname "$0")/.."

tolerance=5 # percent of instructions; of allocations none
pins=Benchmarks/counts.txt

case "${1:-}" in
    "" | --pin) ;;
    *) echo "usage: scripts/counts.sh [--pin]" >&2; exit 2 ;;
esac
command -v valgrind >/dev/null 2>&1 || { echo "counts: valgrind is missing; scripts/setup.sh --for-tests installs it" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift build -c release --product counts >"$work/build" 2>&1 || { tail -n 50 "$work/build" >&2; exit 1; }

# valgrind cannot read the program's debug information, and needs none.
strip --strip-debug -o "$work/paths" "$(swift build -c release --show-bin-path)/counts"

# What could differ from one run to the next is fixed: the seed of hashes, the environment and, by callgrind, addresses.
# run NAME TIMES: one path under callgrind, into a dump of its own.
run() {
    (cd "$work" && env -i PATH="$PATH" TMPDIR="$work" SWIFT_DETERMINISTIC_HASHING=1 SWIFT_BACKTRACE=enable=no \
        valgrind --tool=callgrind --toggle-collect='*6counts7counted*' --compress-strings=no \
        --callgrind-out-file="$work/$1.$2" "$work/paths" "$1" "$2" >"$work/log.$2" 2>&1) || { tail -n 20 "$work/log.$2" >&2; return 1; }
}

# sums FILE: instructions that were collected, and calls of what allocates.
sums() {
    awk '/^cfn=/ { allocates = $0 ~ /^cfn=(malloc|calloc|realloc|posix_memalign|aligned_alloc)(\x27[0-9]+)?$/ }
        /^calls=/ && allocates { split($1, call, "="); calls += call[2] }
        /^summary:/ { instructions = $2 }
        END { printf "%.0f %d\n", instructions, calls }' "$1"
}

# Callgrind counts calls before the counted ones as well, so the difference of two runs is what counts.
"$work/paths" >"$work/names"
while read -r name times; do
    run "$name" 1 &
    once=$!
    run "$name" $((times + 1))
    wait "$once"
    read -r instructions calls < <(sums "$work/$name.$((times + 1))")
    read -r fewer_instructions fewer_calls < <(sums "$work/$name.1")
    awk -v name="$name" -v i=$((instructions - fewer_instructions)) -v a=$((calls - fewer_calls)) -v n="$times" \
        'BEGIN { printf "%s %.0f %.2f\n", name, i / n, a / n }'
done <"$work/names" >"$work/counts"

if [ "${1:-}" = --pin ]; then
    {
        echo "# Instructions and allocations of one operation, counted by scripts/counts.sh, pinned by scripts/counts.sh --pin."
        echo "# $(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/Swift \1/p' | head -n 1), $(uname -m)"
        cat "$work/counts"
    } >"$pins"
    echo "counts: $(wc -l <"$work/counts") paths pinned in $pins"
    exit 0
fi
awk -v tolerance="$tolerance" -v pins="$pins" '
    FNR == NR { if ($1 != "#") { instructions[$1] = $2; allocations[$1] = $3; expected++ } next }
    {
        found++
        if (!($1 in instructions)) { print "counts: " $1 " is not pinned"; bad = 1; next }
        off = 100 * ($2 - instructions[$1]) / instructions[$1]
        line = sprintf("%-18s %10d instructions (%+.1f %% of %d), %8.2f allocations (pinned %.2f)", $1, $2, off, instructions[$1], $3, allocations[$1])
        if (off > tolerance || $3 > allocations[$1]) { line = line "  <-- more than pinned"; bad = 1 }
        else if (off < -tolerance || $3 < allocations[$1]) line = line "  <-- fewer: pin them"
        print line
    }
    END {
        if (found != expected) { print "counts: " found " paths were counted, " expected " are pinned"; bad = 1 }
        if (bad) print "counts: not as in " pins " (within " tolerance " %); when it is meant to be so: scripts/counts.sh --pin, and say why in the commit"
        exit bad
    }' "$pins" "$work/counts"
