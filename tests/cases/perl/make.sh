#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the perl case: prove -v over 30 files, one is_deeply mismatch.
. "$(dirname "$0")/../lib.sh"
rm -rf mods; mkdir -p mods/t
for i in $(seq -w 1 30); do echo "use strict; use warnings; use Test::More tests => 80; ok(\$_ >= 0, \"config key \$_ of set $i is known\") for 1 .. 80;" > mods/t/$i-config.t; done
cat > mods/t/17-merge.t <<'E'
use strict;
use warnings;
use Test::More tests => 2;

sub merge { my ($a, $b) = @_; return { %$b, %$a } }

is_deeply(merge({}, { x => 1 }), { x => 1 }, 'merge into an empty hash');
is_deeply(merge({ host => 'a', port => 1 }, { port => 2 }), { host => 'a', port => 2 }, 'the later value wins');
E
run raw tty is-deeply mods 'prove -v t'
