// SPDX-License-Identifier: MIT
// Loads prompt templates, checks their placeholders, and fills them for one request.
#include "core/llm/prompt.h"

#include <assert.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/embed.h"
#include "core/ext/file.h"
#include "core/llm/schema.h"

// The filled templates: an excerpt at its ceiling and four templates at theirs.
#define PROMPT_BYTES_MAX (BS_EXCERPT_BYTES_MAX + 4 * BS_PROMPT_BYTES_MAX)
#define LAST_ANSWER_BYTES_MAX (16 * 1024) // what is longer was no summary; its head shows that

enum template {
	SYSTEM,
	USER,
	SHAPE,
	REASK,
	TEMPLATES,
};

static const char *const files[TEMPLATES] = {
	[SYSTEM] = "system.md",
	[USER] = "user.md",
	[SHAPE] = "shape.md",
	[REASK] = "reask.md",
};

enum placeholder {
	DELIMITER,
	ERRORS,
	EXCERPT,
	EXIT_STATUS,
	INPUT_LINES,
	SCHEMA,
	SENT,
	SHAPE_TEXT,
	PLACEHOLDERS,
};

// Where each may stand, and where it must: a prompt without the log, or with a log that nothing
// marks as data, is not one.
static const struct {
	const char *name;
	unsigned allowed, required; // bit sets: 1 << enum template
} placeholders[PLACEHOLDERS] = {
	[DELIMITER] = {"delimiter", 1u << USER | 1u << REASK, 1u << USER},
	[ERRORS] = {"errors", 1u << REASK, 1u << REASK},
	[EXCERPT] = {"excerpt", 1u << USER, 1u << USER},
	[EXIT_STATUS] = {"exit_status", 1u << USER | 1u << REASK, 0},
	[INPUT_LINES] = {"input_lines", 1u << USER, 0},
	[SCHEMA] = {"schema", 1u << SHAPE, 1u << SHAPE},
	[SENT] = {"sent", 1u << USER, 0},
	[SHAPE_TEXT] = {"shape", 1u << USER | 1u << REASK, 1u << USER},
};

// --- reading templates

// The next placeholder from *at on. SIZE_MAX: none. Its name is what stands between the braces.
static size_t next_placeholder(struct bs_str text, size_t from, struct bs_str *ret_name)
{
	size_t open = bs_str_find(bs_str_from(text, from), BS_LIT("{{"));
	if (open == SIZE_MAX)
		return SIZE_MAX;
	struct bs_str inside = bs_str_from(text, from + open + 2);
	size_t close = bs_str_find(inside, BS_LIT("}}"));
	*ret_name = close == SIZE_MAX ? bs_str(NULL, 0) : bs_str_sub(inside, 0, close);
	return from + open;
}

static bool find_name(struct bs_str name, enum placeholder *ret_placeholder)
{
	for (size_t i = 0; i < PLACEHOLDERS; i++) {
		if (!bs_str_eq_c(bs_str_trim(name), placeholders[i].name))
			continue;
		*ret_placeholder = (enum placeholder)i;
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
	enum placeholder found;
	if (!bs_str_is_utf8(text))
		return bs_fail(err, BS_USAGE, "%s: not UTF-8", path);
	for (size_t at = 0; (at = next_placeholder(text, at, &name)) != SIZE_MAX; at += 2) {
		if (!name.ptr)
			return fail_at(path, text, at, "\"{{\" without \"}}\"", bs_str("", 0), err);
		if (!find_name(name, &found))
			return fail_at(path, text, at, "unknown placeholder", name, err);
		if (!(placeholders[found].allowed & 1u << which))
			return fail_at(path, text, at, "no place for", name, err);
		seen |= 1u << found;
	}
	for (size_t i = 0; i < PLACEHOLDERS; i++)
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

static enum bs_status load(const char *folder, enum template which, struct bs_arena *arena,
	struct bs_str *ret_text, struct bs_err *err)
{
	struct bs_str text = embedded(files[which]);
	const char *path = bs_arena_printf(
		arena, "%s/%s", folder ? folder : "prompts", files[which]);
	assert(text.ptr); // prompts/ is part of the build
	if (!path)
		return bs_fail_nomem(err);
	if (folder && bs_file_exists(path)) {
		enum bs_status status = bs_file_load(path, BS_PROMPT_BYTES_MAX, arena, &text, err);
		if (status != BS_OK)
			return status;
	}
	enum bs_status status = check(path, which, text, err);
	if (status == BS_OK)
		*ret_text = text;
	return status;
}

enum bs_status bs_prompts_load(const char *folder, struct bs_arena *arena,
	struct bs_prompts *ret_prompts, struct bs_err *err)
{
	struct bs_str texts[TEMPLATES];
	for (size_t i = 0; i < TEMPLATES; i++) {
		enum bs_status status = load(folder, (enum template)i, arena, &texts[i], err);
		if (status != BS_OK)
			return status;
	}
	*ret_prompts = (struct bs_prompts){
		.system = texts[SYSTEM],
		.user = texts[USER],
		.shape = texts[SHAPE],
		.reask = texts[REASK],
	};
	return BS_OK;
}

// --- filling them

static void fill(struct bs_str text, const struct bs_str *values, struct bs_buf *out)
{
	struct bs_str name;
	enum placeholder found;
	size_t from = 0;
	for (size_t at; (at = next_placeholder(text, from, &name)) != SIZE_MAX;) {
		bool known = find_name(name, &found);
		assert(known); // bs_prompts_load has checked it
		(void)known;
		bs_buf_add(out, bs_str_sub(text, from, at - from));
		bs_buf_add(out, bs_str_trim_end(values[found]));
		from = at + 2 + name.len + 2;
	}
	bs_buf_add(out, bs_str_from(text, from));
}

// What a status mostly means; shells add 128 to the number of the signal.
static const struct {
	int exit_status;
	const char *words;
} statuses[] = {
	{124, " (timeout(1): the time was up)"},
	{126, " (the command could not be executed)"},
	{127, " (command not found)"},
	{130, " (interrupted, SIGINT)"},
	{134, " (aborted, SIGABRT)"},
	{137, " (killed, SIGKILL: mostly out of memory)"},
	{139, " (crashed, SIGSEGV)"},
	{143, " (terminated, SIGTERM: a timeout or a cancelled job)"},
};

static void put_status(int exit_status, struct bs_buf *out)
{
	if (exit_status < 0) {
		bs_buf_add_c(out, "an unknown exit status");
		return;
	}
	bs_buf_addf(out, "exit status %d", exit_status);
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].exit_status == exit_status)
			bs_buf_add_c(out, statuses[i].words);
}

static const char *sent(const struct bs_excerpt *excerpt)
{
	if (excerpt->silent)
		return excerpt->whole ? "no rule of ours found a failure in it"
				      : "no rule of ours found a failure in it, so you get its end";
	return excerpt->whole ? "you get all of them" : "you get those that look telling";
}

// What the modes that do not hold the model to the schema have to be told.
static bool needs_shape(enum bs_schema_mode mode)
{
	return mode == BS_SCHEMA_JSON_OBJECT || mode == BS_SCHEMA_PROMPT;
}

static enum bs_status keep(
	struct bs_buf *filled, struct bs_arena *arena, struct bs_str *ret_text, struct bs_err *err)
{
	enum bs_status status = bs_buf_status(filled, "prompt", err);
	if (status != BS_OK)
		return status;
	*ret_text = bs_arena_str(arena, bs_str_trim(bs_buf_str(filled)));
	bs_buf_clear(filled);
	return ret_text->ptr ? BS_OK : bs_fail_nomem(err);
}

// The shape first: it is a value of the others.
static enum bs_status fill_all(const struct bs_prompts *prompts,
	const struct bs_prompt_input *input, struct bs_str *values, struct bs_buf *scratch,
	struct bs_arena *arena, struct bs_prompt *prompt, struct bs_err *err)
{
	struct bs_str answer = bs_str_clip_utf8(input->last_answer, LAST_ANSWER_BYTES_MAX);
	struct bs_json_writer w;
	enum bs_status status = BS_OK;
	if (needs_shape(input->mode)) {
		bs_json_writer_init(&w, scratch);
		bs_schema_put(&w, BS_SCHEMA_COMMON);
		status = keep(scratch, arena, &values[SCHEMA], err);
		if (status == BS_OK) {
			fill(prompts->shape, values, scratch);
			status = keep(scratch, arena, &values[SHAPE_TEXT], err);
		}
	}
	if (status == BS_OK) {
		fill(prompts->user, values, scratch);
		status = keep(scratch, arena, &prompt->messages[0].text, err);
	}
	prompt->system = bs_str_trim(prompts->system);
	prompt->messages_count = 1;
	if (status != BS_OK || answer.len == 0)
		return status;
	prompt->messages[1] = (struct bs_message){.from_model = true, .text = answer};
	fill(prompts->reask, values, scratch);
	prompt->messages_count = 3;
	return keep(scratch, arena, &prompt->messages[2].text, err);
}

enum bs_status bs_prompt_build(const struct bs_prompts *prompts,
	const struct bs_prompt_input *input, struct bs_arena *arena, struct bs_prompt *ret_prompt,
	struct bs_err *err)
{
	struct bs_str values[PLACEHOLDERS] = {{0}};
	struct bs_prompt prompt = {0};
	struct bs_buf scratch, status_words;
	char delimiter[40], lines[24];
	bs_buf_init(&scratch, PROMPT_BYTES_MAX);
	bs_buf_init(&status_words, BS_PROMPT_BYTES_MAX);
	put_status(input->exit_status, &status_words);
	(void)snprintf(delimiter, sizeof(delimiter), "%016llx%016llx",
		(unsigned long long)input->nonce[0], (unsigned long long)input->nonce[1]);
	(void)snprintf(
		lines, sizeof(lines), "%llu", (unsigned long long)input->excerpt->input_lines);
	values[DELIMITER] = bs_str_c(delimiter);
	values[ERRORS] = input->errors;
	values[EXCERPT] = input->excerpt->text;
	values[EXIT_STATUS] = bs_buf_str(&status_words);
	values[INPUT_LINES] = bs_str_c(lines);
	values[SENT] = bs_str_c(sent(input->excerpt));
	enum bs_status status = bs_buf_status(&status_words, "prompt", err);
	if (status == BS_OK)
		status = fill_all(prompts, input, values, &scratch, arena, &prompt, err);
	if (status == BS_OK)
		*ret_prompt = prompt;
	bs_buf_release(&status_words);
	bs_buf_release(&scratch);
	return status;
}
