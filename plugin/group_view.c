// SPDX-License-Identifier: MIT
// Keys of meta-data as a view of who failed alike, and back.
#include "plugin/group_view.h"

#include <inttypes.h>
#include <stdlib.h>

#define PREFIX "buildsum/1/"
#define HEX_DIGITS 16     // of ids, slots and contexts
#define NAME_BYTES_MAX 78 // encoded, in a key; its fixed parts and a job's id need 89
#define SAID_BYTES_MAX 78

struct entry {
	struct bs_str id, slot, job_id, name, said; // job_id "-": did not fail so
	uint64_t attempt;
	bool is_at; // where the annotation stands: `job_id` is the context
};

// --- one key

static bool is_hex(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!bs_is_digit(text.ptr[i]) && (text.ptr[i] < 'a' || text.ptr[i] > 'f'))
			return false;
	return text.len == HEX_DIGITS;
}

// Job ids go into links.
static bool is_job_id(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!bs_is_alnum(text.ptr[i]) && text.ptr[i] != '-')
			return false;
	return text.len > 0 && text.len <= 80;
}

static bool read_key(struct bs_str key, struct entry *ret_entry)
{
	struct entry entry = {0};
	struct bs_str kind, attempt = {0};
	if (key.len > BS_GROUP_KEY_BYTES_MAX || !bs_str_starts(key, BS_LIT(PREFIX)))
		return false;
	key = bs_str_from(key, strlen(PREFIX));
	(void)bs_str_split(&key, '/', &entry.id);
	(void)bs_str_split(&key, '/', &kind);
	if (!is_hex(entry.id))
		return false;
	if (bs_str_eq_c(kind, "at")) {
		entry.is_at = true;
		(void)bs_str_split(&key, '/', &entry.job_id);
		(void)bs_str_split(&key, '/', &entry.slot);
	} else if (bs_str_eq_c(kind, "job")) {
		(void)bs_str_split(&key, '/', &entry.slot);
		(void)bs_str_split(&key, '/', &attempt);
		(void)bs_str_split(&key, '/', &entry.job_id);
		(void)bs_str_split(&key, '/', &entry.name);
		entry.said = key;
		if (!bs_str_to_u64(attempt, &entry.attempt))
			return false;
	} else {
		return false;
	}
	*ret_entry = entry;
	return is_hex(entry.slot) && is_job_id(entry.job_id);
}

// What is there of our failure beside its jobs.
static void note_state(struct bs_str key, const char *id, struct bs_group_view *view)
{
	struct bs_str its_id;
	if (!id || !bs_str_starts(key, BS_LIT(PREFIX)))
		return;
	key = bs_str_from(key, strlen(PREFIX));
	if (!bs_str_split(&key, '/', &its_id) || !bs_str_eq_c(its_id, id))
		return;
	view->owned |= bs_str_eq_c(key, "owner");
	view->answered |= bs_str_eq_c(key, "kept");
}

static int hex_value(char c)
{
	return bs_is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static const char *decode(struct bs_str text, struct bs_arena *arena)
{
	char *out = bs_arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; out && i < text.len; i++) {
		int high = i + 2 < text.len ? hex_value(text.ptr[i + 1]) : -1;
		int low = i + 2 < text.len ? hex_value(text.ptr[i + 2]) : -1;
		if (text.ptr[i] == '%' && high >= 0 && low >= 0 && high * 16 + low > 0) {
			out[len++] = (char)(high * 16 + low);
			i += 2;
		} else {
			out[len++] = text.ptr[i] == '+' ? ' ' : text.ptr[i];
		}
	}
	return out;
}

// --- all of them

struct entries {
	struct entry *items;
	size_t count;
};

// Whether this is the last word on its slot in that failure, and it says that the slot failed so.
static bool is_living(const struct entries *entries, const struct entry *entry)
{
	if (entry->is_at || bs_str_eq_c(entry->job_id, "-"))
		return false;
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *other = &entries->items[i];
		if (!other->is_at && other->attempt > entry->attempt &&
			bs_str_eq(other->slot, entry->slot) && bs_str_eq(other->id, entry->id))
			return false;
	}
	return true;
}

// Whether anybody but that slot still fails so.
static bool has_others(const struct entries *entries, struct bs_str id, const char *slot)
{
	for (size_t i = 0; i < entries->count; i++)
		if (bs_str_eq(entries->items[i].id, id) &&
			!bs_str_eq_c(entries->items[i].slot, slot) &&
			is_living(entries, &entries->items[i]))
			return true;
	return false;
}

// The slot to look with.
static struct bs_str find_slot(const struct entries *entries, const struct bs_group_self *self)
{
	struct bs_str slot = bs_str_c(self->slot), like = slot;
	for (size_t i = 0; self->is_vague && i < entries->count; i++) {
		struct bs_str other = entries->items[i].slot;
		if (bs_str_eq(other, slot))
			return slot;
		if (!bs_str_starts(other, bs_str_sub(slot, 0, HEX_DIGITS / 2)))
			continue;
		if (!bs_str_eq(like, slot) && !bs_str_eq(like, other))
			return slot; // a matrix of what only the agent's file shows
		like = other;
	}
	return like;
}

static bool is_known(const struct bs_group_view *view, struct bs_str id)
{
	for (size_t i = 0; i < view->left_count; i++)
		if (bs_str_eq_c(id, view->left[i]))
			return true;
	return false;
}

static bool take_entry(const struct entries *entries, const struct entry *entry,
	const struct bs_group_self *self, struct bs_arena *arena, struct bs_group_view *view)
{
	bool is_ours = self->id && bs_str_eq_c(entry->id, self->id);
	if (entry->is_at) {
		view->at_taken |= !is_ours && bs_str_eq_c(entry->job_id, self->at) &&
				  has_others(entries, entry->id, self->slot);
		return true;
	}
	if (!is_living(entries, entry))
		return true;
	if (is_ours) {
		struct bs_group_member *member = &view->members[view->count++];
		member->job_id = bs_arena_cstr(arena, entry->job_id);
		member->name = decode(entry->name, arena);
		member->said = entry->said.len ? decode(entry->said, arena) : NULL;
		return member->job_id && member->name && (member->said || !entry->said.len);
	}
	if (!bs_str_eq_c(entry->slot, self->slot) || view->left_count == BS_GROUP_LEFT_MAX ||
		is_known(view, entry->id))
		return true;
	view->left_empty[view->left_count] = !has_others(entries, entry->id, self->slot);
	view->left[view->left_count] = bs_arena_cstr(arena, entry->id);
	return view->left[view->left_count++] != NULL;
}

// "Specs #2" before "Specs #10".
static int compare_members(const void *a, const void *b)
{
	const struct bs_group_member *left = a, *right = b;
	size_t left_len = strlen(left->name), right_len = strlen(right->name);
	if (left_len != right_len)
		return left_len < right_len ? -1 : 1;
	int order = strcmp(left->name, right->name);
	return order ? order : strcmp(left->job_id, right->job_id);
}

enum bs_status bs_group_view(const struct bs_json *keys, const struct bs_group_self *self,
	struct bs_arena *arena, struct bs_group_view *ret_view, struct bs_err *err)
{
	struct bs_group_view view = {0};
	struct entries entries = {BS_NEW_ARRAY(arena, struct entry, BS_GROUP_ENTRIES_MAX), 0};
	if (!entries.items)
		return bs_fail_nomem(err);
	for (const struct bs_json *key = bs_json_first(keys); key; key = bs_json_next(key)) {
		note_state(bs_json_text(key), self->id, &view);
		if (entries.count < BS_GROUP_ENTRIES_MAX)
			entries.count += read_key(bs_json_text(key), &entries.items[entries.count]);
	}
	view.members = BS_NEW_ARRAY(arena, struct bs_group_member, entries.count + 1);
	struct bs_group_self found = *self;
	found.slot = view.slot = bs_arena_cstr(arena, find_slot(&entries, self));
	if (!view.members || !view.slot)
		return bs_fail_nomem(err);
	for (size_t i = 0; i < entries.count; i++)
		if (!take_entry(&entries, &entries.items[i], &found, arena, &view))
			return bs_fail_nomem(err);
	qsort(view.members, view.count, sizeof(*view.members), compare_members);
	for (size_t i = 0; i < view.count; i++)
		view.hash = bs_str_hash(bs_str_c(view.members[i].job_id), view.hash + i);
	*ret_view = view;
	return BS_OK;
}

// --- keys

// At most bytes_max; whole characters, for half of one is none.
static void add_part(const char *text, size_t bytes_max, struct bs_buf *out)
{
	size_t end = out->len + 1 + bytes_max, begin = out->len + 1;
	bs_buf_add_char(out, '/');
	for (const char *c = text; *c && out->failed == BS_OK; c++) {
		if (((unsigned char)*c & 0xC0) != 0x80)
			begin = out->len;
		if (*c == ' ')
			bs_buf_add_char(out, '+');
		else if (bs_is_alnum(*c) || strchr("-_.,:;=()[]!*", *c))
			bs_buf_add_char(out, *c);
		else
			bs_buf_addf(out, "%%%02X", (unsigned char)*c);
		if (out->len > end) {
			bs_buf_cut(out, begin);
			return;
		}
	}
}

void bs_group_job_key(const char *id, const char *slot, uint64_t attempt, const char *job_id,
	const char *name, const char *said, struct bs_buf *out)
{
	bs_buf_addf(
		out, PREFIX "%s/job/%s/%03" PRIu64 "/%s", id, slot, attempt, job_id ? job_id : "-");
	if (job_id && name)
		add_part(name, NAME_BYTES_MAX, out);
	if (job_id && name && said)
		add_part(said, SAID_BYTES_MAX, out);
}

void bs_group_at_key(const char *id, const char *at, const char *slot, struct bs_buf *out)
{
	bs_buf_addf(out, PREFIX "%s/at/%s/%s", id, at, slot);
}

void bs_group_key(const char *id, const char *what, struct bs_buf *out)
{
	bs_buf_addf(out, PREFIX "%s/%s", id, what);
}
