#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Builds the release program: one file with the Swift runtime and Debian's libraries in it, so that it wants nothing of a machine
# but glibc and its companion libgcc_s, which glibc itself opens when a thread ends. Says where the file lies; what the compiler says goes to standard error.
#
#   scripts/build-release.sh [PRODUCT]     rookery by default
set -euo pipefail
cd "$(dirname "$0")/.."

# A folder with nothing but archives in it, where the linker is sent first: it takes what it finds there, and no shared library.
archives=$PWD/.build-archives
rm -rf "$archives"
mkdir -p "$archives"
for name in crypto hiredis lmdb secp256k1 stdc++ z zstd; do
    file=$(cc -print-file-name="lib$name.a")
    [ "$file" != "lib$name.a" ] || { echo "build-release: lib$name.a is missing; run scripts/setup.sh" >&2; exit 1; }
    ln -s "$(realpath "$file")" "$archives/lib$name.a"
done
# SwiftPM asks pkg-config where the libraries are, and would send the linker to the shared ones.
for name in libcrypto libsecp256k1 libzstd lmdb zlib; do
    sed "s|^libdir=.*|libdir=$archives|" "$(pkg-config --variable=pcfiledir "$name")/$name.pc" >"$archives/$name.pc"
done
export PKG_CONFIG_PATH=$archives${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}

# The C++ library once more at the end, for archives that come after its first place.
flags=(-c release --product "${1:-rookery}" --static-swift-stdlib -Xlinker "-L$archives" -Xlinker -lstdc++ -Xlinker -lm)
swift build "${flags[@]}" >&2
echo "$(swift build "${flags[@]}" --show-bin-path)/${1:-rookery}"
