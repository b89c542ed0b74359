#!/bin/sh
# Writes gen/windows-exports.tsv: how many names each of Windows' DLLs exports, as mingw-w64's import libraries have
# them.  windows-exports.sh [LIBRARY-DIRECTORY]: run it in the top directory when a DLL is added to dlls.def.
# DLLs without an import library are left out; the coverage page shows no number for them.
set -eu
libraries=${1:-/usr/x86_64-w64-mingw32/lib}
{
    echo "# Made by gen/windows-exports.sh from mingw-w64's import libraries: DLL, number of names that Windows exports."
    sed -n 's/^\([a-z0-9_.]*\) *builtin .*/\1/p' dlls.def | LC_ALL=C sort | while read -r dll; do
        library=$libraries/lib${dll%.*}.a
        [ -f "$library" ] || continue
        count=$(x86_64-w64-mingw32-nm "$library" 2>/dev/null | awk '$2 == "I" && $3 ~ /^__imp_/ { print $3 }' |
            LC_ALL=C sort -u | wc -l)
        [ "$count" -gt 0 ] && printf '%s\t%d\n' "$dll" "$count"
    done
} >gen/windows-exports.tsv
