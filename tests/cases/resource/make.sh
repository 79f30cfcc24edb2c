#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the cases of exhausted limits: memory limits (Python, C++, Node, Java), a killed compiler, timeout(1), a full disk.
. "$(dirname "$0")/../lib.sh"
PATH=$WORK/venv/bin:$PATH
rm -rf res; mkdir -p res/full
cat > res/train.py <<'E'
rows = []


def load(n):
    rows.append(bytearray(8 << 20))
    print("loaded shard %03d" % n, flush=True)


for n in range(1000):
    load(n)
E
run buildkite plain python-memory-error res 'ulimit -v 2600000; python train.py' 'make train'
echo 'const keep = []; for (let i = 0; ; i++) { keep.push(new Array(20000).fill({ row: i })); if (i % 4 === 0) console.log("bundle: module " + i + " parsed"); }' > res/bundle.js
run raw plain node-heap-limit res 'node --max-old-space-size=64 bundle.js'
printf 'import java.util.*;\npublic class Index { static List<long[]> pages = new ArrayList<>(); static void page(int i) { pages.add(new long[65536]); } public static void main(String[] a) { for (int i = 0; ; i++) { System.out.println("indexed page " + i); page(i); } } }\n' > res/Index.java
run github plain java-heap-space res 'javac Index.java && java -Xmx128m Index'
cat > res/killed.mk <<'E'
all: $(patsubst %,obj-%,$(shell seq 1 200)) big
obj-%:
	@echo "  CXX   src/unit$*.o"
big:
	@echo "  CXX   src/generated_tables.o"
	@sh -c 'kill -9 $$$$'
E
run buildkite plain compiler-killed res 'make -f killed.mk'
cat > res/oom.sh <<'E'
g=/sys/fs/cgroup/memory/cicase; mkdir -p $g && echo 100M > $g/memory.limit_in_bytes
echo $BASHPID > $g/cgroup.procs
for i in $(seq 1 120); do echo "[worker] linked partition $i/240"; done
python3 -c '
x = []
while True: x.append(bytearray(4 << 20))'
echo "linker exited with status $?"
exit 137
E
run raw plain killed-by-kernel res 'bash oom.sh'
rmdir /sys/fs/cgroup/memory/cicase 2>/dev/null
cat > res/slow.mk <<'E'
test:
	@for i in $$(seq 1 90); do echo "ok $$i - replication test $$i"; done
	@echo "# test 91: waiting for replica 3 to catch up"
	@sleep 60
E
run buildkite plain timeout-124 res 'timeout 3 make -f slow.mk test' 'timeout 3 make test'
mount -t tmpfs -o size=200k tmpfs res/full && run raw plain disk-full res 'for i in $(seq 1 99); do echo "copying artefact $i"; done; head -c 900000 /dev/zero > res.img; cp -v res.img full/res.img'
umount res/full
cat > res/cancel.sh <<'E'
for i in $(seq 1 130); do echo "soak: round $i passed"; done
echo "soak: round 131 started"
kill -TERM $$
E
run buildkite plain terminated res 'bash cancel.sh' 'make soak'
