#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
# Builds rookery and the benchmarks in release and compares it with rust-nostr's relay: Benchmarks/rival.sh [EVENTS]
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d "${TMPDIR:-/tmp}/rookery-rival.XXXXXX")
trap 'rm -rf "$work"' EXIT
scripts/setup.sh --for-tests 1>&2
swift build -c release --product rookery 1>&2
swift build -c release --package-path Benchmarks 1>&2
ulimit -n "$(ulimit -Hn)"
Benchmarks/.build/release/rookery-bench .build/release/rookery "$work" "${1:-20000}" rival
