// SPDX-License-Identifier: MIT
// Lines in two growing arrays: records and bytes. Letting lines go moves the others together.
#include "core/rules/store.h"

#include <stdlib.h>

#define LINES_FIRST 1024
#define TEXT_FIRST (64 * 1024)

_Static_assert(BS_LINE_BYTES_MAX <= UINT16_MAX, "the length of a line fits its field");
_Static_assert(BS_STORE_BYTES_MAX <= UINT32_MAX, "a place in the text fits its field");

void bs_store_release(struct bs_store *store)
{
	if (!store)
		return;
	free(store->lines);
	free(store->text);
	*store = (struct bs_store){0};
}

// Grows an array by doubling, up to a ceiling. The new memory, or NULL.
static void *grow(void *array, size_t *cap, size_t need, size_t first, size_t max, size_t each)
{
	size_t wanted = *cap ? *cap : first;
	while (wanted < need)
		wanted *= 2;
	if (wanted > max)
		wanted = max;
	void *grown = realloc(array, wanted * each);
	if (grown)
		*cap = wanted;
	return grown;
}

enum bs_store_verdict bs_store_add(struct bs_store *store, const struct bs_line *line)
{
	size_t len = line->text.len < BS_LINE_BYTES_MAX ? line->text.len : BS_LINE_BYTES_MAX;
	if (store->count == BS_STORE_LINES_MAX || store->text_bytes + len > BS_STORE_BYTES_MAX)
		return BS_STORE_FULL;
	if (store->count == store->cap) {
		void *grown = grow(store->lines, &store->cap, store->count + 1, LINES_FIRST,
			BS_STORE_LINES_MAX, sizeof(*store->lines));
		if (!grown)
			return BS_STORE_NOMEM;
		store->lines = grown;
	}
	if (store->text_bytes + len > store->text_cap || !store->text) {
		void *grown = grow(store->text, &store->text_cap, store->text_bytes + len,
			TEXT_FIRST, BS_STORE_BYTES_MAX, 1);
		if (!grown)
			return BS_STORE_NOMEM;
		store->text = grown;
	}
	struct bs_str text = bs_str_clip_utf8(line->text, len);
	if (text.len)
		memcpy(store->text + store->text_bytes, text.ptr, text.len);
	store->lines[store->count++] = (struct bs_stored){
		.number = line->number,
		.at = (uint32_t)store->text_bytes,
		.len = (uint16_t)text.len,
		.flags = (uint16_t)line->flags,
	};
	store->text_bytes += text.len;
	return BS_STORE_TAKEN;
}

void bs_store_retain(struct bs_store *store, const unsigned char *keep)
{
	size_t count = 0, bytes = 0;
	for (size_t i = 0; i < store->count; i++) {
		if (!keep[i])
			continue;
		struct bs_stored line = store->lines[i];
		memmove(store->text + bytes, store->text + line.at, line.len);
		line.at = (uint32_t)bytes;
		bytes += line.len;
		store->lines[count++] = line;
	}
	store->count = count;
	store->text_bytes = bytes;
}
