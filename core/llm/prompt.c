// SPDX-License-Identifier: MIT
// Fills prompt templates for one request.
#include <assert.h>
#include <stdio.h>

#include "core/base/buf.h"
#include "core/llm/prompt_own.h"
#include "core/llm/schema.h"

// The filled templates: an excerpt at its ceiling and four templates at theirs.
#define PROMPT_BYTES_MAX (BS_EXCERPT_BYTES_MAX + 4 * BS_PROMPT_BYTES_MAX)
#define LAST_ANSWER_BYTES_MAX (16 * 1024) // what is longer was no summary; its head shows that

static void fill(struct bs_str text, const struct bs_str *values, struct bs_buf *out)
{
	struct bs_str name;
	enum bs_placeholder found;
	size_t from = 0;
	for (size_t at; (at = bs_placeholder_next(text, from, &name)) != SIZE_MAX;) {
		bool known = bs_placeholder_find(name, &found);
		assert(known); // bs_prompts_load has checked it
		(void)known;
		bs_buf_add(out, bs_str_sub(text, from, at - from));
		bs_buf_add(out, bs_str_trim_end(values[found]));
		from = at + 2 + name.len + 2;
	}
	bs_buf_add(out, bs_str_from(text, from));
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
static enum bs_status fill_all(const struct bs_templates *templates,
	const struct bs_prompt_input *input, struct bs_str *values, struct bs_buf *scratch,
	struct bs_arena *arena, struct bs_prompt *prompt, struct bs_err *err)
{
	struct bs_str answer = bs_str_clip_utf8(input->last_answer, LAST_ANSWER_BYTES_MAX);
	struct bs_json_writer w;
	enum bs_status status = BS_OK;
	if (input->tell_shape || needs_shape(input->mode)) {
		bs_json_writer_init(&w, scratch);
		bs_schema_put(&w, BS_SCHEMA_COMMON);
		status = keep(scratch, arena, &values[BS_PLACEHOLDER_SCHEMA], err);
		if (status == BS_OK) {
			fill(templates->shape, values, scratch);
			status = keep(scratch, arena, &values[BS_PLACEHOLDER_SHAPE], err);
		}
	}
	if (status == BS_OK) {
		fill(templates->user, values, scratch);
		status = keep(scratch, arena, &prompt->messages[0].text, err);
	}
	prompt->system = bs_str_trim(templates->system);
	prompt->messages_count = 1;
	if (status != BS_OK || answer.len == 0)
		return status;
	prompt->messages[1] = (struct bs_message){.from_model = true, .text = answer};
	fill(templates->reask, values, scratch);
	prompt->messages_count = 3;
	return keep(scratch, arena, &prompt->messages[2].text, err);
}

enum bs_status bs_prompt_build(const struct bs_prompts *prompts,
	const struct bs_prompt_input *input, struct bs_arena *arena, struct bs_prompt *ret_prompt,
	struct bs_err *err)
{
	struct bs_str values[BS_PLACEHOLDERS] = {{0}};
	struct bs_prompt prompt = {0};
	struct bs_buf scratch, status_words;
	char delimiter[40], lines[24];
	bs_buf_init(&scratch, PROMPT_BYTES_MAX);
	bs_buf_init(&status_words, BS_PROMPT_BYTES_MAX);
	bs_ending_put_facts(&input->ending, &status_words);
	(void)snprintf(delimiter, sizeof(delimiter), "%016llx%016llx",
		(unsigned long long)input->nonce[0], (unsigned long long)input->nonce[1]);
	(void)snprintf(
		lines, sizeof(lines), "%llu", (unsigned long long)input->excerpt->input_lines);
	values[BS_PLACEHOLDER_DELIMITER] = bs_str_c(delimiter);
	values[BS_PLACEHOLDER_ERRORS] = input->errors;
	values[BS_PLACEHOLDER_EXCERPT] = input->excerpt->text;
	values[BS_PLACEHOLDER_EXIT_STATUS] = bs_buf_str(&status_words);
	values[BS_PLACEHOLDER_INPUT_LINES] = bs_str_c(lines);
	values[BS_PLACEHOLDER_SENT] = bs_str_c(sent(input->excerpt));
	enum bs_status status = bs_buf_status(&status_words, "prompt", err);
	if (status == BS_OK)
		status = fill_all(
			&prompts->of[input->family], input, values, &scratch, arena, &prompt, err);
	if (status == BS_OK)
		*ret_prompt = prompt;
	bs_buf_release(&status_words);
	bs_buf_release(&scratch);
	return status;
}
