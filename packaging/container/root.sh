#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Puts together all that is in the image: the program, what of glibc it wants, certificates, a user, and where its data go.
#
#   packaging/container/root.sh BINARY FOLDER
set -euo pipefail
binary=${1:?usage: packaging/container/root.sh BINARY FOLDER}
image=${2:?usage: packaging/container/root.sh BINARY FOLDER}
umask 022

install -D -m 755 "$binary" "$image/usr/bin/rookery"
strip --strip-unneeded "$image/usr/bin/rookery"
for library in $(ldd "$binary" | grep -o '/[^ ]*'); do install -D -m 755 "$(realpath "$library")" "$image$library"; done
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$image/etc/ssl/certs/ca-certificates.crt"
printf 'root:x:0:0:root:/:/sbin/nologin\nrookery:x:65532:65532:Rookery relay:/data:/sbin/nologin\n' >"$image/etc/passwd"
printf 'root:x:0:\nrookery:x:65532:\n' >"$image/etc/group"
# Names are looked up in files, then over DNS; without this file, glibc would look for services that are not here.
printf 'hosts: files dns\n' >"$image/etc/nsswitch.conf"
install -d -m 700 -o 65532 -g 65532 "$image/data"
install -d -m 1777 "$image/tmp"
