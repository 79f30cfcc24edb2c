#!/bin/bash
# SPDX-License-Identifier: MIT
# Makes the linker cases: an undefined reference and a multiple definition, each at the end of a clean build.
. "$(dirname "$0")/../lib.sh"
gen() {
    rm -rf "$1"; mkdir -p "$1/src" "$1/include"
    for i in $(seq 1 "$2"); do
        echo "int codec_$i(const unsigned char *p, unsigned n) { unsigned s = $i; while (n--) s = s * 31 + *p++; return (int)s; }" > "$1/src/codec_$i.c"
    done
    cat > "$1/Makefile" <<'E'
CFLAGS = -O2 -g -Wall -Iinclude
OBJS = $(patsubst src/%.c,build/%.o,$(sort $(wildcard src/*.c)))
build/transcode: $(OBJS)
	$(CC) -o $@ $^ -lm
build/%.o: src/%.c | build
	$(CC) $(CFLAGS) -c -o $@ $<
build:
	mkdir -p build
E
}
gen undef 80
cat > undef/src/main.c <<'E'
int codec_1(const unsigned char *, unsigned);
int frame_checksum(const unsigned char *, unsigned);
int main(int argc, char **argv)
{
	const unsigned char *p = (const unsigned char *)argv[0];
	return codec_1(p, argc) ^ frame_checksum(p, argc);
}
E
run buildkite plain undefined-reference undef 'make -j2'
gen dup 70
echo 'int log_level = 2; int main(void) { return log_level; }' > dup/src/main.c
echo 'int log_level = 3; void set_level(int l) { log_level = l; }' > dup/src/logging.c
run raw tty duplicate-symbol dup 'make'
