#!/bin/sh
# What takes long or downloads: every test of tests/run with more patience, and suites of others.  run.sh BUILD
set -u
build=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)
failed=0

echo '== recipes of docs/cross-testing.md'
NIGHTLY=1 TEST_TIMEOUT=1200 sh "$source/tests/run" "$build" host/recipes || failed=1
echo '== processes that are killed for a minute'
STORM_SECONDS=60 TEST_TIMEOUT=300 sh "$source/tests/run" "$build" host/storm || failed=1
echo '== registries that are damaged, and writers of them that are killed'
DAMAGED_PAGES=all REGISTRY_KILLS=5000 TEST_TIMEOUT=1200 sh "$source/tests/run" "$build" host/registry_ || failed=1
echo '== test suites of cross-built libraries'
sh "$source/tests/nightly/cross.sh" "$build" || failed=1
exit $failed
