#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Feeds what reads strangers' bytes with libFuzzer, whose findings lie in .build-fuzz/FUZZER afterwards.
#
#   scripts/fuzz.sh [SECONDS]      60 of each by default
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.build-tools/usr/bin:$PATH"
swift build --package-path Fuzzing --scratch-path .build-fuzz --sanitize=fuzzer -c release \
    -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing 1>&2
bin="$(swift build --package-path Fuzzing --scratch-path .build-fuzz -c release --show-bin-path)"
for fuzzer in FuzzNegentropy FuzzTweets FuzzWords; do
    echo "== $fuzzer"
    corpus=".build-fuzz/$fuzzer"
    mkdir -p "$corpus"
    "$bin/$fuzzer" -max_total_time="${1:-60}" -max_len=4096 -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$corpus/" "$corpus"
done
