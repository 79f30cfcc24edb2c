// SPDX-License-Identifier: MIT
// The shared parts of a redactor, put together.
#include "core/rules/redact_engine.h"

#include "core/rules/redact_encoded.h"
#include "core/rules/redact_kube.h"
#include "core/rules/redact_names.h"
#include "core/rules/redact_pem.h"

static enum bs_status sow(struct bs_literals *literals, const char *const *words, uint32_t owner,
	unsigned flags, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (uint32_t i = 0; status == BS_OK && words[i]; i++)
		status = bs_literals_add(literals, bs_str_c(words[i]), flags, owner + i, err);
	return status;
}

enum bs_status bs_engine_init(struct bs_engine *engine, struct bs_err *err)
{
	*engine = (struct bs_engine){0};
	enum bs_status status = bs_literals_new(&engine->literals, err);
	if (status == BS_OK)
		status = bs_values_new(&engine->values, err);
	if (status == BS_OK)
		status = bs_patterns_new(&engine->patterns, err);
	if (status == BS_OK)
		status = bs_numbers_new(&engine->numbers, err);
	if (status == BS_OK)
		status = bs_patterns_sow(engine->patterns, engine->literals, BS_OWNER_PATTERN, err);
	if (status == BS_OK)
		status = bs_encoded_sow(engine->patterns, engine->literals, BS_OWNER_ENCODED, err);
	if (status == BS_OK)
		status = sow(
			engine->literals, bs_names_words, BS_OWNER_WORD, BS_LITERAL_CASELESS, err);
	if (status == BS_OK)
		status = sow(engine->literals, bs_pem_words, BS_OWNER_PEM, 0, err);
	if (status == BS_OK)
		status = sow(engine->literals, bs_kube_words, BS_OWNER_KUBE, 0, err);
	if (status != BS_OK)
		bs_engine_release(engine);
	return status;
}

void bs_engine_release(struct bs_engine *engine)
{
	bs_literals_free(engine->literals);
	bs_values_free(engine->values);
	bs_patterns_free(engine->patterns);
	bs_numbers_free(engine->numbers);
	*engine = (struct bs_engine){0};
}

enum bs_status bs_engine_mark_rows(const struct bs_engine *engine, const struct bs_rows *rows,
	struct bs_str text, struct bs_marks *marks, struct bs_err *err)
{
	enum bs_status status = BS_OK;
	for (size_t i = 0; status == BS_OK && i < sizeof(rows->bits) / sizeof(rows->bits[0]); i++) {
		for (uint64_t bits = rows->bits[i]; status == BS_OK && bits; bits &= bits - 1)
			status = bs_patterns_mark(engine->patterns,
				i * 64 + (size_t)__builtin_ctzll(bits), text, marks, err);
	}
	return status;
}

bool bs_engine_rows_could_mark(
	const struct bs_engine *engine, const struct bs_rows *rows, struct bs_str text)
{
	bool could = false;
	for (size_t i = 0; !could && i < sizeof(rows->bits) / sizeof(rows->bits[0]); i++) {
		for (uint64_t bits = rows->bits[i]; !could && bits; bits &= bits - 1)
			could = bs_patterns_could_mark(
				engine->patterns, i * 64 + (size_t)__builtin_ctzll(bits), text);
	}
	return could;
}

enum bs_status bs_engine_mark_prefixes(const struct bs_engine *engine, struct bs_str text,
	struct bs_marks *marks, struct bs_err *err)
{
	struct bs_rows rows = {0};
	struct bs_literals_cursor cursor = {0};
	struct bs_literal_hit hit;
	while (bs_literals_next(engine->literals, text, &cursor, &hit)) {
		uint32_t row = BS_OWNED_OF(hit.id);
		if (BS_OWNER_OF(hit.id) == BS_OWNER_PATTERN && !hit.cut &&
			bs_patterns_row(engine->patterns, row)->flags & BS_PATTERN_PREFIX)
			bs_rows_set(&rows, row);
	}
	return rows.any ? bs_engine_mark_rows(engine, &rows, text, marks, err) : BS_OK;
}
