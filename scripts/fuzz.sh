#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Feeds what reads strangers' bytes with libFuzzer, under AddressSanitizer, one parser a processor at a time. Ends with a table, and
# with 1 if anything was found: what led there lies in .build-fuzz/findings then.
#
#   scripts/fuzz.sh [SECONDS] [PARSER...]       60 seconds of each by default
#   FUZZER=frames .build-fuzz/release/fuzz FILE  tries one input again
set -uo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
parsers=("$@")
[ ${#parsers[@]} -gt 0 ] || mapfile -t parsers < <(cd Fuzzing/Corpora && ls)
for parser in "${parsers[@]}"; do
    [ -d "Fuzzing/Corpora/$parser" ] && continue
    echo "fuzz.sh: there is no parser '$parser', but: $(cd Fuzzing/Corpora && echo *)" >&2
    exit 2
done

# SwiftPM does not read its earlier plan again where files were added since ("unknown build description").
rm -f .build-fuzz/*/release/description.json
# gold, which Swift links with here by itself, does not know what the sanitizers ask of it.
ROOKERY_FUZZING=1 swift build -c release --product fuzz --scratch-path .build-fuzz --disable-index-store \
    --sanitize=address --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld \
    -Xswiftc -gline-tables-only -Xcc -fsanitize=fuzzer-no-link -Xcxx -fsanitize=fuzzer-no-link 1>&2 || exit 1

dictionary() {
    case $1 in
        events | filters | messages | plugins) echo Fuzzing/Dictionaries/nostr.dict ;;
        posts | archives | orders) echo Fuzzing/Dictionaries/x.dict ;;
        *) [ ! -f "Fuzzing/Dictionaries/$1.dict" ] || echo "Fuzzing/Dictionaries/$1.dict" ;;
    esac
}

# What grew in earlier runs is kept in .build-fuzz/corpora and gone on with.
feed() {
    local parser=$1 words
    words=$(dictionary "$parser")
    mkdir -p ".build-fuzz/corpora/$parser" .build-fuzz/findings .build-fuzz/reports
    FUZZER=$parser SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 .build-fuzz/release/fuzz \
        -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -detect_leaks=0 \
        -print_final_stats=1 -artifact_prefix=".build-fuzz/findings/$parser-" ${words:+-dict="$words"} \
        ".build-fuzz/corpora/$parser" "Fuzzing/Corpora/$parser" >".build-fuzz/reports/$parser.txt" 2>&1
    echo $? >".build-fuzz/reports/$parser.code"
}
export -f feed dictionary
export seconds
rm -rf .build-fuzz/reports
printf '%s\n' "${parsers[@]}" | xargs -P "$(nproc)" -I{} bash -c 'feed {}'

status=0
printf '%-12s %12s %10s %10s  %s\n' parser executions a-second coverage found
for parser in "${parsers[@]}"; do
    report=.build-fuzz/reports/$parser.txt
    stat() { sed -n "s/^stat::$1: *//p" "$report"; }
    found=nothing
    if [ "$(cat ".build-fuzz/reports/$parser.code" 2>/dev/null)" != 0 ]; then
        status=1
        found=$(grep -m 1 -E 'Fatal error|SUMMARY|ERROR' "$report" | cut -c 1-100)
        found=${found:-"see $report"}
    fi
    printf '%-12s %12s %10s %10s  %s\n' "$parser" "$(stat number_of_executed_units)" \
        "$(stat average_exec_per_sec)" "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$report" | tail -n 1)" "$found"
done
exit $status
