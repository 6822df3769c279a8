#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
#
# Makes a Debian that has nothing but what every Debian has and what is named: no network, some seconds. It is put together
# from this machine's own packages, file by file; dpkg in there knows of no other.
#
#   packaging/deb/clean-root.sh FOLDER [PACKAGE...]
set -euo pipefail
root=${1:?usage: packaging/deb/clean-root.sh FOLDER [PACKAGE...]}
shift
info=/var/lib/dpkg/info

# The essential packages, those that are named, and what these depend on, as far as it is installed here.
packages=$(python3 - "$@" <<'PYTHON'
import re, sys

status, provided = {}, {}
for entry in open("/var/lib/dpkg/status", encoding="utf-8").read().split("\n\n"):
    fields = dict(re.findall(r"^([A-Za-z-]+): (.*(?:\n .*)*)", entry, re.M))
    if fields.get("Status") == "install ok installed":
        status[fields["Package"]] = fields
        for name in re.findall(r"[a-z0-9.+-]+", re.sub(r"\([^)]*\)", "", fields.get("Provides", ""))):
            provided.setdefault(name, fields["Package"])
wanted = sys.argv[1:] + [name for name, fields in status.items() if fields.get("Essential") == "yes"]
chosen = []
while wanted:
    name = wanted.pop()
    if name in chosen:
        continue
    if name not in status:
        sys.exit(f"clean-root: {name} is not installed here")
    chosen.append(name)
    for field in ("Pre-Depends", "Depends"):
        for group in filter(None, status[name].get(field, "").split(",")):
            names = [re.match(r"\s*([a-z0-9.+-]+)", each)[1] for each in group.split("|")]
            wanted += [n if n in status else provided[n] for n in names if n in status or n in provided][:1]
print("\n".join(sorted(chosen)))
PYTHON
)

mkdir -p "$root"/{dev,etc,proc,run,sys,tmp,root,var/lib/dpkg/info,var/lib/dpkg/updates,var/lib/dpkg/triggers,var/log}
for folder in bin lib lib64 sbin; do
    [ ! -L "/$folder" ] || ln -sfn "$(readlink "/$folder")" "$root/$folder"
    mkdir -p "$root/usr/$folder"
done
mapfile -t lists < <(for package in $packages; do find "$info" -name "$package.list" -o -name "$package:*.list"; done)
# Places, not contents, of /bin and the like lead into /usr; folders are made by the files in them.
cat "${lists[@]}" | sort -u | while IFS= read -r file; do
    if [ -L "$file" ] || [ -f "$file" ]; then printf '%s\0' "${file#/}"; fi
done | tar -C / --null --no-recursion --create --files-from=- | tar -C "$root" --extract --keep-directory-symlink
find /usr/bin /usr/sbin /etc/alternatives -type l \( -lname '/etc/alternatives/*' -o -path '/etc/alternatives/*' \) -printf '%p\0' |
    tar -C / --null --absolute-names --transform="s,^/,,S" --create --files-from=- | tar -C "$root" --extract --keep-directory-symlink
cp /usr/share/base-passwd/passwd.master "$root/etc/passwd"
cp /usr/share/base-passwd/group.master "$root/etc/group"
install -m 640 /dev/null "$root/etc/shadow"
# What packages make by their own scripts when they are installed.
cp -a --parents /etc/pam.d/common-* "$root"
[ ! -d "$root/usr/share/ca-certificates" ] || cp -a --parents /etc/ssl/certs "$root"
for node in null zero full random urandom; do cp -a "/dev/$node" "$root/dev/$node"; done
chmod 1777 "$root/tmp"

# What dpkg knows there.
for list in "${lists[@]}"; do cp -a "${list%.list}".* "$root$info/"; done
cp "$info/format" "$root$info/format"
python3 - "$packages" >"$root/var/lib/dpkg/status" <<'PYTHON'
import re, sys

chosen = set(sys.argv[1].split())
for entry in open("/var/lib/dpkg/status", encoding="utf-8").read().split("\n\n"):
    if (name := re.match(r"Package: (.*)", entry)) and name[1] in chosen:
        print(entry + "\n")
PYTHON
touch "$root/var/lib/dpkg/available" "$root/var/lib/dpkg/triggers/File"
ldconfig -r "$root"
