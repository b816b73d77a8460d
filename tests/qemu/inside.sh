#!/bin/sh
# Runs a command in a network and a view of the file system of its own: as root, or where users may have such.
#
#   inside.sh COMMAND...
#
# SPDX-License-Identifier: Apache-2.0
set -u

own='--net --mount'
[ "$(id -u)" = 0 ] || own="$own --user --map-root-user"
# shellcheck disable=SC2086  # a list of options
if unshare $own true 2>/dev/null; then
  exec unshare $own "$@"
fi
echo 1..1
echo 'ok 1 - lamps in QEMU # SKIP a network of its own needs root, or users who may make one'
