#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# The licences of everything that the release program holds of others; with --sources the Debian sources among them, as
# `Static-Built-Using` wants them.
set -euo pipefail
cd "$(dirname "$0")/../.."
libraries=(libssl-dev libhiredis-dev liblmdb-dev libsecp256k1-dev "libstdc++-$(cc -dumpversion | cut -d. -f1)-dev" zlib1g-dev libzstd-dev)

if [ "${1:-}" = --sources ]; then
    dpkg-query -W -f '${source:Package} (= ${source:Version})\n' "${libraries[@]}" | sort -u | paste -sd, | sed 's/,/, /g'
    exit
fi

# licence NAME FILE: one of them, under its name.
licence() { printf '%s\n%s\n\n' "$1" "${1//?/=}"; cat "$2"; printf '\n\n'; }
for library in "${libraries[@]}"; do licence "Debian's $library" "/usr/share/doc/$library/copyright"; done
for package in .build/checkouts/*/; do
    for file in "$package"{LICENSE,LICENSE.txt,LICENSE.md,NOTICE.txt}; do
        [ ! -f "$file" ] || licence "$(basename "$package")" "$file"
    done
done
