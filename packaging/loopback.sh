#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Turns on the loopback device of a network of one's own, with or without iproute2.
set -euo pipefail
if command -v ip >/dev/null; then exec ip link set lo up; fi
exec python3 -c '
import fcntl, socket, struct
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), SIOCSIFFLAGS, struct.pack("16sh", b"lo", IFF_UP))'
