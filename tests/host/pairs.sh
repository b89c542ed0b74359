#!/bin/sh
# Is one of an A/W pair met that Windows exports whole, and the other not?  pairs.sh BUILD
#
# Packers and runtimes look up the other one, too.  What Windows exports is what mingw-w64's import libraries have.
set -u
libraries=/usr/x86_64-w64-mingw32/lib
root=$WINRUN_SOURCE
[ -d "$libraries" ] || { echo "no mingw-w64: pairs are not looked at"; exit 0; }
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT

awk '$2 == "builtin" { print $1, $3 }' "$root/dlls.def" | while read -r dll files; do
    library=$libraries/lib${dll%.dll}.a
    [ -e "$library" ] || continue
    x86_64-w64-mingw32-nm "$library" 2>/dev/null | sed -n 's/.* T \([A-Za-z_][A-Za-z0-9_]*[AW]\)$/\1/p' >"$work/windows"
    for file in $(echo "$files" | tr + ' '); do
        cat "$root/$file"
    done | awk '!/^#/ && !/[ \t]missing([ \t]|$)/ { sub(/@.*/, "", $1); print $1 }' >"$work/met"
    awk -v dll="${dll%.dll}" '
        FILENAME ~ /met$/ { met[$1] = 1; next }
        { windows[$1] = 1 }
        END {
            for (name in windows) {
                stem = substr(name, 1, length(name) - 1)
                other = stem (name ~ /A$/ ? "W" : "A")
                if (other in windows && other in met && !(name in met))
                    print dll "." name ": Windows has it beside " other ", which is met"
            }
        }' "$work/met" "$work/windows"
done | sort >"$work/found"
cat "$work/found"
[ ! -s "$work/found" ]
