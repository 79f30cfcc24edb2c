// SPDX-License-Identifier: MIT
// A capped bump allocator. Whatever a function hands you lives in the arena you handed it.
//
// Two arenas exist in a run: the run's own, and one per attempt at a model. Nothing is freed
// piecewise. Pointers stay valid until reset or release.
#ifndef BS_BASE_ARENA_H
#define BS_BASE_ARENA_H

#include "core/base/err.h"
#include "core/base/str.h"

struct bs_arena_chunk;

struct bs_arena {
	struct bs_arena_chunk *chunk; // newest first
	size_t used_bytes;            // of all chunks together
	size_t bytes_max;
};

// A zeroed arena with a ceiling; allocates nothing yet.
void bs_arena_init(struct bs_arena *arena, size_t bytes_max);
// Frees everything; accepts NULL and a zeroed arena; the arena may be used again.
void bs_arena_release(struct bs_arena *arena);

// Zeroed memory aligned for any type, or NULL when memory or the ceiling is used up.
void *bs_arena_alloc(struct bs_arena *arena, size_t bytes) BS_MUST_USE;
// count elements of the given size; NULL also when the product overflows.
void *bs_arena_array(struct bs_arena *arena, size_t count, size_t bytes_each) BS_MUST_USE;
// A NUL-terminated copy (the NUL is not part of the slice). ptr is NULL on failure.
struct bs_str bs_arena_str(struct bs_arena *arena, struct bs_str s) BS_MUST_USE;
const char *bs_arena_cstr(struct bs_arena *arena, struct bs_str s) BS_MUST_USE;
const char *bs_arena_printf(struct bs_arena *arena, const char *fmt, ...) BS_MUST_USE
	BS_PRINTF(2, 3);

#define BS_NEW(arena, type) ((type *)bs_arena_alloc((arena), sizeof(type)))
#define BS_NEW_ARRAY(arena, type, count) ((type *)bs_arena_array((arena), (count), sizeof(type)))

#endif
