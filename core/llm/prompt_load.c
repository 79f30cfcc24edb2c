// SPDX-License-Identifier: MIT
// Loads prompt templates for every family of models, and checks their placeholders.
#include <assert.h>

#include "core/base/embed.h"
#include "core/ext/file.h"
#include "core/llm/prompt_own.h"

enum template {
	SYSTEM,
	USER,
	SHAPE,
	REASK,
	TEMPLATES,
};

static const char *const names[TEMPLATES] = {
	[SYSTEM] = "system",
	[USER] = "user",
	[SHAPE] = "shape",
	[REASK] = "reask",
};

// Where each may stand, and where it must: a prompt without the log, or with a log that nothing
// marks as data, is not one.
static const struct {
	const char *name;
	unsigned allowed, required; // bit sets: 1 << enum template
} placeholders[BS_PLACEHOLDERS] = {
	[BS_PLACEHOLDER_DELIMITER] = {"delimiter", 1u << USER | 1u << REASK, 1u << USER},
	[BS_PLACEHOLDER_ERRORS] = {"errors", 1u << REASK, 1u << REASK},
	[BS_PLACEHOLDER_EXCERPT] = {"excerpt", 1u << USER, 1u << USER},
	[BS_PLACEHOLDER_EXIT_STATUS] = {"exit_status", 1u << USER | 1u << REASK, 0},
	[BS_PLACEHOLDER_INPUT_LINES] = {"input_lines", 1u << USER, 0},
	[BS_PLACEHOLDER_SCHEMA] = {"schema", 1u << SHAPE, 1u << SHAPE},
	[BS_PLACEHOLDER_SENT] = {"sent", 1u << USER, 0},
	[BS_PLACEHOLDER_SHAPE] = {"shape", 1u << USER | 1u << REASK, 1u << USER},
};

// --- reading templates

// The next placeholder from *at on. SIZE_MAX: none. Its name is what stands between the braces.
size_t bs_placeholder_next(struct bs_str text, size_t from, struct bs_str *ret_name)
{
	size_t open = bs_str_find(bs_str_from(text, from), BS_LIT("{{"));
	if (open == SIZE_MAX)
		return SIZE_MAX;
	struct bs_str inside = bs_str_from(text, from + open + 2);
	size_t close = bs_str_find(inside, BS_LIT("}}"));
	*ret_name = close == SIZE_MAX ? bs_str(NULL, 0) : bs_str_sub(inside, 0, close);
	return from + open;
}

bool bs_placeholder_find(struct bs_str name, enum bs_placeholder *ret_placeholder)
{
	for (size_t i = 0; i < BS_PLACEHOLDERS; i++) {
		if (!bs_str_eq_c(bs_str_trim(name), placeholders[i].name))
			continue;
		*ret_placeholder = (enum bs_placeholder)i;
		return true;
	}
	return false;
}

// "prompts/user.md:3:7: what"
static enum bs_status fail_at(const char *path, struct bs_str text, size_t at, const char *what,
	struct bs_str name, struct bs_err *err)
{
	size_t line = 1, column = 1;
	for (size_t i = 0; i < at; i++) {
		column = text.ptr[i] == '\n' ? 1 : column + 1;
		line += text.ptr[i] == '\n';
	}
	name = bs_str_clip_utf8(name, 40);
	return bs_fail(err, BS_USAGE, "%s:%zu:%zu: %s%s%.*s%s", path, line, column, what,
		name.len ? " {{" : "", BS_FMT(name), name.len ? "}}" : "");
}

static enum bs_status check(
	const char *path, enum template which, struct bs_str text, struct bs_err *err)
{
	unsigned seen = 0;
	struct bs_str name;
	enum bs_placeholder found;
	if (!bs_str_is_utf8(text))
		return bs_fail(err, BS_USAGE, "%s: not UTF-8", path);
	for (size_t at = 0; (at = bs_placeholder_next(text, at, &name)) != SIZE_MAX; at += 2) {
		if (!name.ptr)
			return fail_at(path, text, at, "\"{{\" without \"}}\"", bs_str("", 0), err);
		if (!bs_placeholder_find(name, &found))
			return fail_at(path, text, at, "unknown placeholder", name, err);
		if (!(placeholders[found].allowed & 1u << which))
			return fail_at(path, text, at, "no place for", name, err);
		seen |= 1u << found;
	}
	for (size_t i = 0; i < BS_PLACEHOLDERS; i++)
		if ((placeholders[i].required & 1u << which) && !(seen & 1u << i))
			return bs_fail(err, BS_USAGE, "%s: the placeholder {{%s}} is missing", path,
				placeholders[i].name);
	return BS_OK;
}

static struct bs_str embedded(const char *file)
{
	for (const struct bs_embedded *e = bs_embedded_prompts; e->name; e++)
		if (strcmp(e->name, file) == 0)
			return e->text;
	return bs_str(NULL, 0);
}

static const char *const families[BS_FAMILY_COUNT] = {[BS_FAMILY_COMMON] = "",
	[BS_FAMILY_CLAUDE] = ".claude",
	[BS_FAMILY_SMALL] = ".small",
	[BS_FAMILY_BRIEF] = ".brief"};

// One template as it was found.
struct found {
	struct bs_str text; // ptr NULL: nowhere
	bool in_folder;
};

// "user", "user.claude.md", in the folder or built in.
static enum bs_status find_template(const char *folder, enum template which, enum bs_family family,
	struct bs_arena *arena, struct found *ret_found, struct bs_err *err)
{
	const char *name = bs_arena_printf(arena, "%s%s.md", names[which], families[family]);
	const char *path = bs_arena_printf(arena, "%s/%s", folder ? folder : "prompts", name);
	struct found found = {0};
	enum bs_status status = BS_OK;
	if (!name || !path)
		return bs_fail_nomem(err);
	found.in_folder = folder && bs_file_exists(path);
	if (found.in_folder)
		status = bs_file_load(path, BS_PROMPT_BYTES_MAX, arena, &found.text, err);
	else
		found.text = embedded(name);
	if (status == BS_OK && found.text.ptr)
		status = check(path, which, found.text, err);
	if (status == BS_OK)
		*ret_found = found;
	return status;
}

// A family without a template of its own takes the common one; so does one whose template is built
// in, where the user has written the common one.
static enum bs_status load(const char *folder, enum template which, struct bs_arena *arena,
	struct bs_str ret_texts[BS_FAMILY_COUNT], struct bs_err *err)
{
	struct found common = {0}, own = {0};
	enum bs_status status = find_template(folder, which, BS_FAMILY_COMMON, arena, &common, err);
	if (status != BS_OK)
		return status;
	assert(common.text.ptr); // prompts/ is part of the build
	for (size_t family = 0; family < BS_FAMILY_COUNT; family++) {
		status = find_template(folder, which, (enum bs_family)family, arena, &own, err);
		if (status != BS_OK)
			return status;
		bool taken = own.text.ptr && (own.in_folder || !common.in_folder);
		ret_texts[family] = taken ? own.text : common.text;
	}
	return BS_OK;
}

enum bs_status bs_prompts_load(const char *folder, struct bs_arena *arena,
	struct bs_prompts *ret_prompts, struct bs_err *err)
{
	struct bs_str texts[TEMPLATES][BS_FAMILY_COUNT];
	for (size_t i = 0; i < TEMPLATES; i++) {
		enum bs_status status = load(folder, (enum template)i, arena, texts[i], err);
		if (status != BS_OK)
			return status;
	}
	for (size_t family = 0; family < BS_FAMILY_COUNT; family++)
		ret_prompts->of[family] = (struct bs_templates){
			.system = texts[SYSTEM][family],
			.user = texts[USER][family],
			.shape = texts[SHAPE][family],
			.reask = texts[REASK][family],
		};
	return BS_OK;
}
