#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the bats case: 300 TAP tests, one with wrong output.
. "$(dirname "$0")/../lib.sh"
rm -rf cli; mkdir cli
printf '#!/bin/sh\ncase $1 in --version) echo "frob 1.2.0-dev";; *) echo "ok $1";; esac\n' > cli/frob; chmod 755 cli/frob
{ for i in $(seq 1 300); do printf '@test "frob accepts argument %d" {\n  run ./frob %d\n  [ "$status" -eq 0 ]\n}\n' $i $i; [ $i = 120 ] && cat <<'E'
@test "frob prints the release version" {
  run ./frob --version
  echo "# output: $output" >&2
  [ "$status" -eq 0 ]
  [ "$output" = "frob 1.2.0" ]
}
E
done; } > cli/frob.bats
run buildkite plain wrong-output cli 'bats --tap frob.bats'
