#!/bin/sh
# wmrec under valgrind, in place of wmrec: WMREC=tests/e2e/valgrind.sh. What valgrind finds fails the run, by status 99.
#
# SPDX-License-Identifier: Apache-2.0
tests=$(dirname "$0")/..
exec valgrind -q --error-exitcode=99 --leak-check=full --suppressions="$tests/valgrind.supp" "$tests/../build/release/wmrec" "$@"
