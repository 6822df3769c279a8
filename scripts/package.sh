#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Builds the release program and puts what can be installed into .build-packages: a Debian package, and an archive with the program,
# the unit, the default configuration, manual page and completions for other systems.
#
#   scripts/package.sh [BINARY]      of a program that is built
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then binary=$(realpath "$1"); else
    scripts/setup.sh
    binary=$(scripts/build-release.sh)
fi
folder=$PWD/.build-packages
mkdir -p "$folder"
package=$(packaging/deb/build.sh "$binary" "$folder")

version=$("$binary" --version | sed 's/^rookery //')
name=rookery-$version-linux-$(uname -m)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
dpkg-deb -x "$package" "$tree/package"
mkdir "$tree/$name"
mv "$tree"/package/{usr,etc} "$tree/$name/"
# Where /lib is a link to /usr/lib, nothing can be copied onto it.
cp -r "$tree/package/lib/." "$tree/$name/usr/lib/"
rm -r "$tree/$name/usr/share/lintian"
install -D -m 644 packaging/systemd/rookery.sysusers "$tree/$name/usr/lib/sysusers.d/rookery.conf"
install -D -m 644 packaging/systemd/rookery.tmpfiles "$tree/$name/usr/lib/tmpfiles.d/rookery.conf"
tar -C "$tree" --sort=name --owner=0 --group=0 --numeric-owner -cJf "$folder/$name.tar.xz" "$name"
ls -l "$package" "$folder/$name.tar.xz"
