#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Sets up, builds and starts a relay: `scripts/run.sh [flags of rookery serve]`.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/scripts/setup.sh"
echo "run: building (the first time takes some minutes)"
swift build --package-path "$here" -c release --product rookery
binary=$(swift build --package-path "$here" -c release --show-bin-path)/rookery
exec "$binary" serve "$@"
