#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# A relay under abuse of every sort at once, beside twenty clients that behave: how slow they become, whether all of their
# events are kept, and whether the relay's memory comes back to what it was. Ends with 1 when something does not hold.
#
#   scripts/abuse.sh [SECONDS [SORT]...]      600 by default, and every sort, such as "giant requests"
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d "${TMPDIR:-/tmp}/rookery-abuse.XXXXXX")
trap 'rm -rf "$work"' EXIT
swift build -c release --product rookery 1>&2
swift build -c release --package-path Benchmarks 1>&2
ulimit -n "$(ulimit -Hn)"
Benchmarks/.build/release/rookery-bench .build/release/rookery "$work" abuse "${1:-600}" "${@:2}"
