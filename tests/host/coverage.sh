#!/bin/sh
# Is the coverage page of the docs what the tables say?  coverage.sh BUILD
cmp "$1/coverage.md" "$WINRUN_SOURCE/docs/coverage.md" || { echo "docs/coverage.md is old: ./dev coverage"; exit 1; }
