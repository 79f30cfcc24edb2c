// SPDX-License-Identifier: MIT
// The reason of a failure as a hash: what rules saw, else the ending and the last words.
#include "plugin/group_id.h"

#include <inttypes.h>

#include "core/rules/peel.h"
#include "core/rules/shared.h"
#include "core/rules/stable.h"

#define LAST_LINES \
	5 // more would hold what shards do differently, fewer only how a tool takes leave
#define SAID_CHARS_MAX 60
#define STATUS_KILLED (BS_STATUS_OF_SIGNAL + 9)

// What the agent says after a command: that it failed, which everybody knows.
static bool is_agents(struct bs_str line)
{
	static const char *const starts[] = {
		"\xF0\x9F\x9A\xA8 Error: The command ", "Error: The command ", "^^^ +++", "~~~ "};
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (bs_str_starts(line, bs_str_c(starts[i])))
			return true;
	return line.len == 0;
}

static bool names_a_cause(const struct bs_excerpt *excerpt)
{
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		if ((finding->role == BS_ROLE_CAUSE || finding->role == BS_ROLE_SUMMARY) &&
			!is_agents(bs_str_trim(finding->text)))
			return true;
	}
	return false;
}

static uint64_t last_words(
	const struct bs_excerpt *excerpt, uint64_t hash, size_t *ret_count, struct bs_str *ret_last)
{
	char room[BS_STABLE_BYTES_MAX];
	*ret_count = 0;
	for (size_t i = excerpt->lines_count; i > 0 && *ret_count < LAST_LINES; i--) {
		struct bs_str text = bs_str_trim(excerpt->lines[i - 1].text);
		if (excerpt->lines[i - 1].number == 0 || is_agents(text))
			continue;
		if ((*ret_count)++ == 0)
			*ret_last = text;
		hash = bs_str_hash(bs_stable(bs_peel(text), room), hash);
		hash = bs_str_hash(BS_LIT("\n"), hash);
	}
	return hash;
}

struct bs_group_id bs_group_id(const struct bs_job *job, const struct bs_ending *ending,
	const struct bs_excerpt *excerpt, struct bs_arena *arena)
{
	struct bs_group_id of = {0};
	struct bs_str last = {0};
	size_t words = 0;
	const char *how = bs_arena_printf(arena, "%s %s %d", ending->timed_out ? "timed out" : "",
		job->step, ending->exit_status);
	char reason[BS_FAILURE_ID_BYTES];
	bs_shared_id(excerpt, reason, &last);
	uint64_t hash = bs_str_hash(bs_str_c(reason), 0);
	if (!how)
		return of;
	if (names_a_cause(excerpt) && !ending->timed_out) {
		of.id = bs_arena_printf(arena, "%s", reason);
		last = bs_str_clip_chars(last, SAID_CHARS_MAX);
		of.said = last.len ? bs_arena_cstr(arena, last) : NULL;
		return of;
	}
	if (names_a_cause(excerpt)) {
		hash = bs_str_hash(BS_LIT("timed out"), hash);
	} else {
		bool killed = ending->exit_status == STATUS_KILLED && !ending->timed_out;
		uint64_t tail = last_words(excerpt, bs_str_hash(bs_str_c(how), 0), &words, &last);
		if (words == 0 && !killed)
			return of;
		hash = killed ? bs_str_hash(bs_str_c(how), 1) : tail;
		last = bs_str_clip_chars(last, SAID_CHARS_MAX);
		of.said = last.len ? bs_arena_cstr(arena, last) : NULL;
	}
	of.id = bs_arena_printf(arena, "%016" PRIx64, hash);
	return of;
}
