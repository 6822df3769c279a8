#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Kills what works on a store in the middle of it (kill -9), again and again: import, delete, compact, backup, restore, sync,
# the making of sums, a relay with retention, and the bridge. Each time the store must open, be sound, and hold everything that was acknowledged.
#
#   scripts/kill.sh [KILLS]      50 of each by default
set -euo pipefail
cd "$(dirname "$0")/.."
ROOKERY_KILLS="${1:-50}" swift test --disable-xctest --no-parallel --filter '^EndToEnd\.(KilledToolsTests|BridgeStormTests)'
