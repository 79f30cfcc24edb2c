#!/bin/sh
# SPDX-License-Identifier: MIT
# Every router script, replayed on a fake clock.
exec "${BUILD:-build}/tests/router/replay" tests/router/*.txt
