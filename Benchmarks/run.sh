#!/bin/bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
# Builds rookery and the benchmarks in release, runs them all and prints a table: Benchmarks/run.sh [EVENTS]
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d "${TMPDIR:-/tmp}/rookery-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
swift build -c release --product rookery 1>&2
swift build -c release --package-path Benchmarks 1>&2
ulimit -n "$(ulimit -Hn)"
echo "$(date -u +%F), $(nproc) cores, $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/Swift \1/p' | head -1)"
Benchmarks/.build/release/rookery-bench .build/release/rookery "$work" "${1:-100000}"
