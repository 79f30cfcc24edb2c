#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the git cases with local repositories: merge conflict, rejected push, missing repository, host that does not resolve.
. "$(dirname "$0")/../lib.sh"
export GIT_AUTHOR_NAME=ci GIT_AUTHOR_EMAIL=ci GIT_COMMITTER_NAME=ci GIT_COMMITTER_EMAIL=ci GIT_CONFIG_NOSYSTEM=1
rm -rf gitcase; mkdir gitcase; cd gitcase
git init -q --bare -b main origin.git; git clone -q origin.git work 2>/dev/null; cd work; git checkout -q -b main 2>/dev/null
for i in $(seq 1 120); do echo "setting_$i = $i" > "conf_$i.ini"; done
printf '[pool]\nsize = 10\ntimeout = 30\n' > pool.ini
git add . && git commit -q -m 'Import settings' && git push -q origin HEAD:main
git checkout -q -b release/4.2; sed -i 's/size = 10/size = 25/' pool.ini
for i in $(seq 1 120); do echo "release = 1" >> "conf_$i.ini"; done; git commit -q -am 'Tune pool'
git checkout -q main; sed -i 's/size = 10/size = 16/' pool.ini; git commit -q -am 'Lower pool'; git push -q origin main
cat > ../merge.sh <<'E'
set -e
git -C work ls-files | sed 's/^/checking /'
git -C work merge --no-ff release/4.2
E
cd "$WORK/gitcase"
run buildkite plain merge-conflict . 'bash merge.sh'
git -C work merge --abort 2>/dev/null
git clone -q origin.git other; (cd other; echo x > x; git add x; git commit -q -m x; git push -q origin HEAD:main)
(cd work; echo y > y; git add y; git commit -q -m y)
run raw plain push-rejected work 'git push origin main'
run raw tty repository-not-found . 'git clone /ci/gitcase/libs/codec.git'
run github plain host-not-resolved . 'for i in $(seq 1 40); do echo "submodule $i is up to date"; done; git clone --depth 1 https://git.acme.invalid/platform/protocols.git'
