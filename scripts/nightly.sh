#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# What takes too long for every change: everything of scripts/test.sh, then the tests under the sanitizers,
# thousands of simulated worlds, libFuzzer, and the benchmarks.
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/build-flags.sh

status=0
# run NAME COMMAND...
run() {
    echo "== $1"
    shift
    "$@" </dev/null || status=1
}

run "tests" scripts/test.sh
run "worlds" swift run -c release simulate 100000 10000
run "planted bugs" scripts/planted-bugs.py --worlds 2000
run "threads" swift test --disable-xctest "${test_flags[@]}" --sanitize=thread --scratch-path .build-tsan --skip '^(EndToEnd|ConformanceTests)\.'
run "addresses" env ASAN_OPTIONS=detect_leaks=0 \
    swift test --disable-xctest "${test_flags[@]}" --sanitize=address --scratch-path .build-asan --skip '^(EndToEnd|ConformanceTests)\.'
# Two at a time: half an hour.
run "fuzzing" scripts/fuzz.sh 240
run "what how-tos need" scripts/setup.sh --for-docs
run "how-tos as they are written" scripts/try-docs.py "$(swift build -c release --show-bin-path)/rookery"
run "kills" scripts/kill.sh 50
run "abuse" scripts/abuse.sh 600
run "ten minutes of posts" env ROOKERY_LOAD_MINUTES=10 \
    swift test --disable-xctest --no-parallel --filter '^EndToEnd\.BridgeLoadTests'
run "bad answers of X" env ROOKERY_FAULTS=all \
    swift test --disable-xctest --no-parallel --filter '^EndToEnd\.BridgeFaultTests'
run "conversion elsewhere" env LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 TZ=Pacific/Kiritimati \
    swift test --disable-xctest --filter '^TweetCoreTests\.'
run "full disk" scripts/full-disk.sh
if [ -f Benchmarks/Package.swift ]; then
    run "benchmarks" Benchmarks/run.sh
fi
exit $status
