# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Sourced: how tests are built. Whole modules at once, without an index (Tests/XCTMain.swift says where tests begin), and of debug
# information only lines: about half of the time that it takes otherwise (docs/decisions/0064).
test_flags=(
    --disable-index-store -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 2
    -Xswiftc -gline-tables-only -Xcc -g0
)
# What Thread Sanitizer is told, in a run.
export TSAN_OPTIONS="suppressions=$PWD/scripts/tsan-suppressions.txt halt_on_error=0 exitcode=66"
