#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Makes the Debian package of a finished program; what is in it beside the program, the program itself tells.
# The last line of its output is where the package lies.
#
#   packaging/deb/build.sh BINARY [FOLDER] [VERSION]
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=$(realpath "${1:?usage: packaging/deb/build.sh BINARY [FOLDER] [VERSION]}")
folder=$(realpath -m "${2:-.build-packages}")
version=${3:-$("$binary" --version | sed 's/^rookery //')}
architecture=$(dpkg --print-architecture)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tree=$root/rookery
umask 022

# put MODE FILE PLACE: a file of ours. made MODE PLACE: what comes in by standard input.
put() { install -D -m "$1" "$2" "$tree/$3"; }
made() { mkdir -p "$(dirname "$tree/$2")"; cat >"$tree/$2"; chmod "$1" "$tree/$2"; }
zipped() { gzip -9n; }

put 755 "$binary" usr/bin/rookery
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$tree/usr/bin/rookery"
put 644 packaging/systemd/rookery.service lib/systemd/system/rookery.service
"$binary" config reference | packaging/defaults.py 'data_dir="/var/lib/rookery"' | made 644 etc/rookery/rookery.toml
put 640 packaging/systemd/rookery.env etc/rookery/rookery.env
day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)
"$binary" --experimental-dump-help | packaging/manual.py "$version" "$day" | zipped | made 644 usr/share/man/man1/rookery.1.gz
"$binary" --generate-completion-script bash | sed "1{/^#!/d}" | made 644 usr/share/bash-completion/completions/rookery
"$binary" --generate-completion-script zsh | made 644 usr/share/zsh/vendor-completions/_rookery
"$binary" --generate-completion-script fish | made 644 usr/share/fish/vendor_completions.d/rookery.fish
"$binary" config reference | zipped | made 644 usr/share/doc/rookery/configuration.md.gz
put 644 packaging/logrotate/rookery usr/share/doc/rookery/examples/logrotate
zipped <CHANGELOG.md | made 644 usr/share/doc/rookery/changelog.gz
zipped <<CHANGES | made 644 usr/share/doc/rookery/changelog.Debian.gz
rookery ($version-1) unstable; urgency=medium

  * See changelog.gz.

 -- The Rookery authors <rookery@localhost.localdomain>  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGES
put 644 packaging/deb/copyright usr/share/doc/rookery/copyright
packaging/deb/licences.sh | zipped | made 644 usr/share/doc/rookery/third-party.gz
put 644 packaging/deb/lintian-overrides usr/share/lintian/overrides/rookery

# What the program wants of the machine, as Debian's own tool finds it.
mkdir -p "$root/debian" "$tree/DEBIAN"
printf 'Source: rookery\n\nPackage: rookery\nArchitecture: any\n' >"$root/debian/control"
depends=$(cd "$root" && dpkg-shlibdeps -O "$tree/usr/bin/rookery" 2>"$root/complaints" | sed -n 's/^shlibs:Depends=//p') || true
[ -n "$depends" ] || { cat "$root/complaints" >&2; exit 1; }
size=$(du -k -s --apparent-size "$tree" | cut -f1)
sed -e "s/@VERSION@/$version-1/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" -e "s/@SIZE@/$size/" \
    -e "s/@BUILT@/$(packaging/deb/licences.sh --sources)/" packaging/deb/control >"$tree/DEBIAN/control"
printf '/etc/rookery/rookery.env\n/etc/rookery/rookery.toml\n' >"$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do put 755 "packaging/deb/$script" "DEBIAN/$script"; done
(cd "$tree" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
chmod 644 "$tree"/DEBIAN/{control,conffiles,md5sums}
find "$tree" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$folder"
package=$folder/rookery_$version-1_$architecture.deb
dpkg-deb --root-owner-group "-Z${ROOKERY_DEB_COMPRESSION:-xz}" ${ROOKERY_DEB_LEVEL:+"-z$ROOKERY_DEB_LEVEL"} --build "$tree" "$package" >&2
echo "$package"
