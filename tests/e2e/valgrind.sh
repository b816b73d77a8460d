#!/bin/sh
# Runs wmrec under valgrind: WMREC=tests/e2e/valgrind.sh. An error that valgrind finds gives exit status 99.
#
# SPDX-License-Identifier: Apache-2.0
tests=$(dirname "$0")/..
exec valgrind -q --error-exitcode=99 --leak-check=full --suppressions="$tests/valgrind.supp" "${BUILD:-$tests/../build}/release/wmrec" "$@"
