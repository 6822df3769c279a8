#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Builds rookery and the benchmarks in release, measures, and writes the table to Benchmarks/results/ as Markdown, JSON and pictures.
#
#   Benchmarks/run.sh                  everything: a quarter of an hour, and the builds
#   Benchmarks/run.sh --quick          few events and one short round: whether everything works, not how fast
#   Benchmarks/run.sh query peer-idle  these rows alone, by name or the beginning of it; shown, not kept
#   Benchmarks/run.sh --events N       mixed events of the first store (100,000); --many N of the large one (1,000,000; 0 for none)
#
# ROOKERY_BINARY is measured instead of what is built here; ROOKERY_BENCH_CACHE keeps generated events (~/.cache/rookery-benchmarks).
set -euo pipefail
cd "$(dirname "$0")/.."

mode=full
rows=()
flags=()
while [ $# -gt 0 ]; do
    case "$1" in
        --quick) mode=quick; flags+=("$1") ;;
        --events | --many) flags+=("$1" "${2:?a number is missing}"); mode="$mode, $1 $2"; shift ;;
        -*) sed -n 's/^#   //p' "$0" >&2; exit 2 ;;
        *) rows+=("$1") ;;
    esac
    shift
done

cache=${ROOKERY_BENCH_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rookery-benchmarks}
work=$(mktemp -d "${TMPDIR:-/tmp}/rookery-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

scripts/setup.sh 1>&2
if [ -z "${ROOKERY_BINARY:-}" ]; then
    swift build -c release --product rookery 1>&2
    ROOKERY_BINARY=$(swift build -c release --show-bin-path)/rookery
fi
swift build -c release --package-path Benchmarks 1>&2

# Relays written by others; without a registry their rows are left out.
peers=Benchmarks/.build/peers
if ! cmp -s Benchmarks/requirements.txt "$peers/requirements.txt"; then
    rm -rf "$peers"
    if python3 -m venv "$peers" && "$peers/bin/pip" install --quiet --disable-pip-version-check --no-input -r Benchmarks/requirements.txt; then
        cp Benchmarks/requirements.txt "$peers/"
    fi 1>&2
fi

ulimit -n "$(ulimit -Hn)"
start=$SECONDS
ROOKERY_BENCH_PYTHON=$PWD/$peers/bin/python3 Benchmarks/.build/release/rookery-bench \
    "$ROOKERY_BINARY" "$work" --cache "$cache" --json "$work/rows.jsonl" "${flags[@]}" "${rows[@]}"

Benchmarks/report.py "$work/rows.jsonl" "$([ ${#rows[@]} -eq 0 ] && echo Benchmarks/results || echo -)" \
    --mode "$mode" --seconds $((SECONDS - start)) --swift "$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)" \
    --commit "$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- Sources Benchmarks || echo +)"
