#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Formatting, headers, and a list (not a wall) of files over 300 lines.
set -euo pipefail
cd "$(dirname "$0")/.."

folders=()
for folder in Package.swift Sources Tests Benchmarks Fuzzing; do [ -e "$folder" ] && folders+=("$folder"); done
mapfile -d '' files < <(find "${folders[@]}" -name '*.swift' -not -path '*/.build*' -print0 | sort -z)

status=0
swift format lint --strict --parallel "${files[@]}" || status=1

for file in "${files[@]}"; do
    head=$(head -n 3 "$file" | grep -v '^// swift-tools-version' | head -n 2)
    if [ "$head" != $'// SPDX-License-Identifier: MIT\n// Part of Rookery; see LICENSE.' ]; then
        echo "$file:1: the two-line header is missing" >&2
        status=1
    fi
done
while IFS= read -r script; do
    grep -q 'SPDX-License-Identifier: MIT' "$script" || { echo "$script: the header is missing" >&2; status=1; }
    bash -n "$script" || status=1
done < <(git ls-files 'scripts/*.sh' '.ci/run')

wc -l "${files[@]}" | awk '$2 != "total" && $1 > 300 { print "lint: " $2 " has " $1 " lines; would a split read better?" }'
[ $status = 0 ] && echo "lint: ${#files[@]} Swift files are formatted and have their header"
exit $status
