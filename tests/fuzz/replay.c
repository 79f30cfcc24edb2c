// SPDX-License-Identifier: MIT
// Runs a fuzz target over its corpus without a fuzzer: every file whole, cut short, and with bytes
// changed.
//
// Linked with one fuzz_*.c. usage: replay_X FOLDER; prints one TAP point per file. The changes
// follow a fixed sequence, so that a failure can be repeated.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX (256 * 1024)
#define CUTS 48
#define CHANGES 160

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t next_random(uint64_t *state)
{
	// xorshift64 (Marsaglia 2003)
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

// A copy of exactly `size` bytes on the heap, so that a sanitiser sees a read past the end.
static void run_copy(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	(void)LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void run_changed(uint8_t *data, size_t size)
{
	static const char *const bits[] = {
		"\033[", "\xF0\x9F", "{\"", "\r\n", "]]>", "999999999999999999", "\0\0", "'"};
	uint64_t state = 0x9E3779B97F4A7C15u ^ size;
	for (unsigned i = 0; size && i < CHANGES; i++) {
		size_t at = (size_t)(next_random(&state) % size);
		const char *bit = bits[next_random(&state) % (sizeof(bits) / sizeof(bits[0]))];
		uint8_t saved[32];
		size_t len = i % 2 ? 1 : strlen(bit);
		if (len > size - at)
			len = size - at;
		memcpy(saved, data + at, len);
		if (i % 2)
			data[at] = (uint8_t)next_random(&state);
		else
			memcpy(data + at, bit, len);
		run_copy(data, size);
		memcpy(data + at, saved, len);
	}
}

static int run_file(const char *folder, const char *name)
{
	static uint8_t data[FILE_BYTES_MAX];
	char path[4096];
	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "rb");
	if (!file)
		return -1;
	size_t size = fread(data, 1, sizeof(data), file);
	(void)fclose(file);
	run_copy(data, size);
	for (size_t i = 1; i <= CUTS; i++)
		run_copy(data, size * i / (CUTS + 1));
	run_changed(data, size);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	if (!folder) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	run_copy((const uint8_t *)"", 0);
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		if (run_file(argv[1], entry->d_name) != 0)
			return 1;
		printf("ok %u - %s\n", ++count, entry->d_name);
	}
	(void)closedir(folder);
	printf("1..%u\n", count);
	return count ? 0 : 1;
}
