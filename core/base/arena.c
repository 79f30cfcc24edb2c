// SPDX-License-Identifier: MIT
// A capped bump allocator over a list of chunks.
#include "core/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct bs_arena_chunk {
	struct bs_arena_chunk *next;
	size_t used, bytes;
	alignas(max_align_t) char data[];
};

void bs_arena_init(struct bs_arena *arena, size_t bytes_max)
{
	*arena = (struct bs_arena){.bytes_max = bytes_max};
}

void bs_arena_release(struct bs_arena *arena)
{
	if (!arena)
		return;
	while (arena->chunk) {
		struct bs_arena_chunk *next = arena->chunk->next;
		free(arena->chunk);
		arena->chunk = next;
	}
	arena->used_bytes = 0;
}

static struct bs_arena_chunk *add_chunk(struct bs_arena *arena, size_t bytes)
{
	if (bytes < BS_ARENA_CHUNK_BYTES)
		bytes = BS_ARENA_CHUNK_BYTES;
	struct bs_arena_chunk *chunk = malloc(sizeof(*chunk) + bytes);
	if (!chunk)
		return NULL;
	*chunk = (struct bs_arena_chunk){.next = arena->chunk, .bytes = bytes};
	arena->chunk = chunk;
	return chunk;
}

void *bs_arena_alloc(struct bs_arena *arena, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	if (bytes > arena->bytes_max)
		return NULL;
	size_t rounded = (bytes + align - 1) / align * align;
	if (rounded == 0)
		rounded = align;
	if (rounded > arena->bytes_max - arena->used_bytes)
		return NULL;
	struct bs_arena_chunk *chunk = arena->chunk;
	if (!chunk || chunk->bytes - chunk->used < rounded)
		chunk = add_chunk(arena, rounded);
	if (!chunk)
		return NULL;
	void *memory = chunk->data + chunk->used;
	chunk->used += rounded;
	arena->used_bytes += rounded;
	return memset(memory, 0, rounded);
}

void *bs_arena_array(struct bs_arena *arena, size_t count, size_t bytes_each)
{
	assert(bytes_each > 0);
	if (count > SIZE_MAX / bytes_each)
		return NULL;
	return bs_arena_alloc(arena, count * bytes_each);
}

struct bs_str bs_arena_str(struct bs_arena *arena, struct bs_str s)
{
	if (s.len == SIZE_MAX)
		return bs_str(NULL, 0);
	char *copy = bs_arena_alloc(arena, s.len + 1);
	if (!copy)
		return bs_str(NULL, 0);
	if (s.len)
		memcpy(copy, s.ptr, s.len);
	return bs_str(copy, s.len);
}

const char *bs_arena_cstr(struct bs_arena *arena, struct bs_str s)
{
	return bs_arena_str(arena, s).ptr;
}

const char *bs_arena_printf(struct bs_arena *arena, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	char *text = need < 0 ? NULL : bs_arena_alloc(arena, (size_t)need + 1);
	if (text)
		(void)vsnprintf(text, (size_t)need + 1, fmt, again);
	va_end(again);
	return text;
}
