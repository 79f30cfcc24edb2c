// SPDX-License-Identifier: MIT
// Shapes of lines, hashed on the fly, and a table of fixed size that counts them.
#include "core/rules/template.h"

#include <stdlib.h>

#define SHAPE_BYTES_MAX 240 // of a line: what comes later seldom tells lines apart
#define HASH_DIGITS_MIN 7   // an abbreviated commit id
#define SLOTS (1u << 15)
#define SLOTS_USED_MAX (SLOTS / 4 * 3)
#define SLOT_SHARED SLOTS // for shapes that found no slot

struct slot {
	uint64_t shape;
	uint32_t count;
};

#define PLACES_MAX 4  // whose digits are looked at by themselves
#define OUTLINES 2048 // kinds whose outline is remembered; a power of two

// What the lines of a kind have in common of their shape: all but the digits of places.
struct outline {
	uint64_t kind;     // 0: of none
	uint64_t common;   // hash
	bool tells_digits; // a line of the kind may have another outline
	uint8_t places_count;
	struct {
		uint8_t from, to;
	} places[PLACES_MAX];
};

_Static_assert(SHAPE_BYTES_MAX <= UINT8_MAX, "a place in a shape fits its field");

struct bs_templates {
	size_t used;
	struct outline outlines[OUTLINES];
	struct slot slots[SLOTS + 1];
};

// What a character can be part of.
enum {
	DIGIT = 1,
	HEX = 2,
	WORD = 4,
	OPENS = 8 // a place behind a file's name
};

#define D DIGIT | HEX | WORD
#define H HEX | WORD
#define W WORD
static const unsigned char classes[128] = {['('] = OPENS,
	['['] = OPENS,
	[':'] = OPENS,
	['0'] = D,
	D,
	D,
	D,
	D,
	D,
	D,
	D,
	D,
	D,
	['A'] = H,
	H,
	H,
	H,
	H,
	H,
	['G'] = W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	['a'] = H,
	H,
	H,
	H,
	H,
	H,
	['g'] = W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W,
	W};
#undef D
#undef H
#undef W

static unsigned class_of(char c)
{
	return (unsigned char)c < 128 ? classes[(unsigned char)c] : 0u;
}

// Bytes of a word of letters and digits at the front of s. ret_any: the classes that some of its
// characters have, ret_all: those that all have.
static size_t word(struct bs_str s, unsigned *ret_any, unsigned *ret_all)
{
	size_t n = 0;
	unsigned any = 0, all = DIGIT | HEX | WORD;
	for (; n < s.len && class_of(s.ptr[n]) & WORD; n++) {
		any |= class_of(s.ptr[n]);
		all &= class_of(s.ptr[n]);
	}
	*ret_any = any;
	*ret_all = all;
	return n;
}

static bool is_hash(struct bs_str s, unsigned any, unsigned all)
{
	if (s.len > 2 && s.ptr[0] == '0' && s.ptr[1] == 'x')
		return true;
	return s.len >= HASH_DIGITS_MIN && any & DIGIT && all & HEX;
}

// True right behind "name.ext": the numbers that follow say where.
static bool ends_in_extension(struct bs_str before)
{
	size_t letters = 0;
	while (letters < before.len && bs_is_alpha(before.ptr[before.len - 1 - letters]))
		letters++;
	return letters >= 1 && letters <= 5 && letters + 1 < before.len &&
	       before.ptr[before.len - 1 - letters] == '.' &&
	       bs_is_alnum(before.ptr[before.len - 2 - letters]);
}

// Bytes of "[18,58]", ":12:5", "(3,4)" at the front of s.
static size_t place(struct bs_str s)
{
	size_t n = 0;
	while (n < s.len && (bs_is_digit(s.ptr[n]) || strchr(":([,)]", s.ptr[n])))
		n++;
	return n;
}

// Copies a place, with '0' for each digit where its own are looked at by themselves.
static void copy_place(
	struct outline *outline, struct bs_str s, size_t from, size_t bytes, char *to)
{
	memcpy(to, s.ptr + from, bytes);
	if (outline->places_count == PLACES_MAX) {
		outline->tells_digits = true;
		return;
	}
	for (size_t i = 0; i < bytes; i++)
		to[i] = bs_is_digit(to[i]) ? '0' : to[i];
	outline->places[outline->places_count].from = (uint8_t)from;
	outline->places[outline->places_count++].to = (uint8_t)(from + bytes);
}

static void draw(struct bs_str line, struct outline *outline)
{
	struct bs_str s = bs_str_sub(line, 0, SHAPE_BYTES_MAX);
	char shape[SHAPE_BYTES_MAX];
	size_t len = 0;
	*outline = (struct outline){.kind = 0};
	for (size_t i = 0; i < s.len;) {
		unsigned any, all;
		size_t n = word(bs_str_from(s, i), &any, &all);
		bool has_digit = n > 0 && any & DIGIT;
		if (has_digit && n > 2 && bs_is_digit(s.ptr[i]) && s.ptr[i + 1] == 'x')
			outline->tells_digits = true; // "0x5" is a number in another way than "5x5"
		if (n > 0 && is_hash(bs_str_sub(s, i, n), any, all)) {
			shape[len++] = '#';
		} else if (n > 0 && !has_digit) {
			memcpy(shape + len, s.ptr + i, n);
			len += n;
		} else if (n > 0) {
			for (size_t k = i; k < i + n; k++)
				if (!bs_is_digit(s.ptr[k]))
					shape[len++] = s.ptr[k];
				else if (len == 0 || shape[len - 1] != '#')
					shape[len++] = '#';
		} else if (class_of(s.ptr[i]) & OPENS && ends_in_extension(bs_str_sub(s, 0, i))) {
			n = place(bs_str_from(s, i));
			copy_place(outline, s, i, n, shape + len);
			len += n;
		} else {
			n = 1;
			if (s.ptr[i] != ' ' || (len > 0 && shape[len - 1] != ' '))
				shape[len++] = s.ptr[i];
		}
		i += n;
	}
	outline->common = bs_str_hash(bs_str(shape, len), 0);
}

static uint64_t fill_in(const struct outline *outline, struct bs_str line, uint64_t seed)
{
	uint64_t hash = outline->common ^ (seed + 1) * 0x9E3779B97F4A7C15u;
	for (size_t i = 0; i < outline->places_count; i++) {
		size_t from = outline->places[i].from;
		hash = bs_str_hash(bs_str_sub(line, from, outline->places[i].to - from), hash);
	}
	return hash;
}

uint64_t bs_template_of(struct bs_str line, uint64_t seed)
{
	struct outline outline;
	draw(line, &outline);
	return fill_in(&outline, line, seed);
}

uint64_t bs_templates_shape(
	struct bs_templates *templates, const struct bs_line *line, uint64_t seed)
{
	if (!line->kind)
		return bs_template_of(line->text, seed);
	struct outline *outline = &templates->outlines[line->kind->hash & (OUTLINES - 1)];
	if (outline->kind != line->kind->hash || outline->tells_digits) {
		draw(line->text, outline);
		outline->kind = line->kind->hash;
	}
	return fill_in(outline, line->text, seed);
}

struct bs_templates *bs_templates_new(void)
{
	return calloc(1, sizeof(struct bs_templates));
}

void bs_templates_free(struct bs_templates *templates)
{
	free(templates);
}

uint32_t bs_templates_count(struct bs_templates *templates, uint64_t shape, uint32_t *ret_ordinal)
{
	uint32_t at = (uint32_t)(shape >> 20) & (SLOTS - 1);
	while (templates->slots[at].count > 0 && templates->slots[at].shape != shape)
		at = (at + 1) & (SLOTS - 1);
	if (templates->slots[at].count == 0) {
		if (templates->used == SLOTS_USED_MAX)
			at = SLOT_SHARED;
		else
			templates->used++;
	}
	struct slot *slot = &templates->slots[at];
	*ret_ordinal = slot->count;
	slot->shape = shape;
	if (slot->count < UINT32_MAX)
		slot->count++;
	return at;
}

uint32_t bs_templates_total(const struct bs_templates *templates, uint32_t slot)
{
	return templates->slots[slot].count;
}
