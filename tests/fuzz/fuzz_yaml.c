// SPDX-License-Identifier: MIT
// YAML: every node has a place inside the text, the depth is bounded, a refusal says where.
#include <assert.h>
#include <stdlib.h>

#include "core/ext/yaml.h"

// Lines of the text by any break that YAML 1.1 knows, and the characters of the longest.
struct size {
	size_t lines, columns;
};

static struct size measure(struct bs_str text)
{
	struct size size = {.lines = 1};
	size_t column = 0;
	for (size_t i = 0; i < text.len; i++) {
		struct bs_str rest = bs_str_from(text, i);
		bool is_break = rest.ptr[0] == '\n' || rest.ptr[0] == '\r' ||
				bs_str_starts(rest, BS_LIT("\xC2\x85")) ||
				bs_str_starts(rest, BS_LIT("\xE2\x80\xA8")) ||
				bs_str_starts(rest, BS_LIT("\xE2\x80\xA9"));
		column = is_break ? 0 : column + 1;
		size.lines += is_break;
		size.columns = column > size.columns ? column : size.columns;
	}
	return size;
}

static void check_place(unsigned line, unsigned column, struct size size)
{
	assert(line >= 1 && line <= size.lines);
	assert(column >= 1 && column <= size.columns + 1);
}

static size_t check(const struct bs_yaml_node *node, struct size size, size_t depth)
{
	size_t children = 0, all = 1;
	assert(depth <= BS_YAML_DEPTH_MAX + 1);
	check_place(node->line, node->column, size);
	if (node->key.ptr)
		check_place(node->key_line, node->key_column, size);
	for (const struct bs_yaml_node *child = node->first; child; child = child->next) {
		assert(node->type != BS_YAML_SCALAR);
		assert((node->type == BS_YAML_MAPPING) == (child->key.ptr != NULL));
		if (child->key.ptr && memchr(child->key.ptr, '\0', child->key.len) == NULL)
			assert(bs_yaml_get(node, child->key.ptr) == child); // no key stands twice
		all += check(child, size, depth + 1);
		children++;
	}
	assert(children == node->count);
	assert(node->type == BS_YAML_SCALAR ? node->text.ptr != NULL : node->text.ptr == NULL);
	return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bs_str text = bs_str((const char *)data, size);
	struct bs_arena arena;
	struct bs_yaml_node *root = NULL;
	struct bs_err err = {0};
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	enum bs_status status = bs_yaml_parse("f", text, BS_YAML_BYTES_MAX, &arena, &root, &err);
	if (status == BS_OK) {
		assert(check(root, measure(text), 1) <= BS_YAML_EVENTS_MAX);
	} else {
		assert(status == BS_FORMAT || status == BS_LIMIT);
		assert(!root && err.status == status);
		// "f:LINE:COLUMN: …"
		assert(size > BS_YAML_BYTES_MAX || strncmp(err.msg, "f:", 2) == 0);
		assert(size > BS_YAML_BYTES_MAX || bs_is_digit(err.msg[2]));
	}
	bs_arena_release(&arena);
	return 0;
}
