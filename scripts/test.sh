#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Everything that must hold before a change lands. Sets up what it needs; the last line counts tests, and each other step as one.
#
#   scripts/test.sh            all of it
#   scripts/test.sh --quick    without the release build and what runs against it
set -uo pipefail
cd "$(dirname "$0")/.."
. scripts/build-flags.sh

quick=""
case "${1:-}" in
    "") ;;
    --quick) quick=1 ;;
    *) echo "usage: scripts/test.sh [--quick]" >&2; exit 2 ;;
esac

passed=0
failed=0
failures=()
reports=.build-reports
rm -rf "$reports"
mkdir -p "$reports"
# What browsers saw, to be looked at.
export TEST_PICTURES="$PWD/$reports/pictures"
export PATH="$PWD/.build-tools/usr/bin:$PATH"

# step NAME COMMAND...: runs it; a failure is counted as one and the next step goes on.
step() {
    local name=$1
    shift
    echo "== $name"
    local start=$SECONDS
    if "$@"; then
        passed=$((passed + 1))
        echo "== $name: done in $((SECONDS - start)) s"
    else
        failed=$((failed + 1))
        failures+=("$name")
        echo "== $name: FAILED after $((SECONDS - start)) s"
    fi
}

# tests NAME FLAGS...: runs tests that are built and counts them by what the runner says at its end.
tests() {
    local name=$1 report="$reports/$1.txt" start=$SECONDS
    shift
    echo "== tests: $name"
    timeout --kill-after=30 1500 "$test_program" --testing-library swift-testing "$@" >"$report" 2>&1 </dev/null
    local code=$? total broken
    total=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} in .*/\1/p' "$report" | tail -n 1)
    broken=$(grep '^✘ Test .* failed after' "$report" | grep -vc '^✘ Test run with ')
    if [ $code -ne 0 ] || [ "${total:-0}" -eq 0 ] || [ "$broken" -gt 0 ]; then
        grep -vE '^◇|^✔' "$report" | tail -n 150
        # A crash or an empty run fails although no test says so.
        [ "$broken" -gt 0 ] || broken=1
        failures+=("$name (whole report: $report)")
    fi
    total=${total:-0}
    failed=$((failed + broken))
    [ "$total" -ge "$broken" ] && passed=$((passed + total - broken))
    echo "== tests: $name: $total run, $broken failed, in $((SECONDS - start)) s"
}

# loud COMMAND...: its output only when it fails.
loud() {
    local report="$reports/last.txt"
    "$@" >"$report" 2>&1 </dev/null || { tail -n 100 "$report"; return 1; }
}

step "set-up" scripts/setup.sh --for-tests
[ $failed = 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
step "lint" scripts/lint.sh
step "purity" scripts/check-purity.sh
step "links" scripts/check-links.py
step "build" loud swift build --build-tests "${test_flags[@]}"
test_program="$(swift build --show-bin-path)/rookeryPackageTests.xctest"
if [[ " ${failures[*]} " != *" build "* ]]; then
    # One room after the other: tests that compute would starve those that wait for a socket.
    for folder in Tests/*Tests Tests/Simulation; do
        room=$(basename "$folder")
        tests "$room" --filter "^$room\."
    done
    if [ -n "$quick" ]; then
        tests "EndToEnd" --filter '^EndToEnd\.' --no-parallel
    else
        # The program as users have it, at full scale.
        # All but the operator's own configuration, where the TOML library still has assertions to be found: that one is for the night.
        step "ten seconds of each fuzzer" scripts/fuzz.sh 10 $(ls Fuzzing/Corpora | grep -vx config)
        step "release build" loud swift build -c release --product rookery
        step "release build of worlds" loud swift build -c release --product simulate
        step "instructions and allocations" scripts/counts.sh
        step "1,000 stores beside the model" loud "$(swift build -c release --show-bin-path)/simulate" stores 1000
        step "2,000 simulated worlds" loud "$(swift build -c release --show-bin-path)/simulate" 2000
        step "rules and dashboard with Prometheus" .build-venv/bin/python3 scripts/try-monitoring.py "$(swift build -c release --show-bin-path)/rookery"
        ROOKERY_BINARY="$(swift build -c release --show-bin-path)/rookery" ROOKERY_TEST_SCALE=full \
            tests "EndToEnd" --filter '^EndToEnd\.' --no-parallel
    fi
fi

for failure in "${failures[@]}"; do echo "failed: $failure"; done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
