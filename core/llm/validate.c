// SPDX-License-Identifier: MIT
// The last word on an answer: is it JSON, is it a summary, does it stand in the log?
#include "core/llm/validate.h"

#include "core/llm/ground.h"
#include "core/llm/repair.h"
#include "core/llm/schema.h"

// Parses as it is, else what repair makes of it. BS_FORMAT: neither is JSON.
static enum bs_status parse(
	struct bs_str text, struct bs_json **ret_json, bool *ret_repaired, struct bs_err *err)
{
	struct bs_buf mended;
	struct bs_err first = {0};
	enum bs_status status = bs_json_parse(text, ret_json, &first);
	if (status == BS_OK)
		return BS_OK;
	bs_buf_init(&mended, BS_JSON_BYTES_MAX);
	if (bs_repair_json(text, &mended)) {
		*ret_repaired = true;
		status = bs_json_parse(bs_buf_str(&mended), ret_json, &first);
	} else if (mended.failed == BS_NOMEM) {
		status = BS_NOMEM;
	}
	bs_buf_release(&mended);
	if (status == BS_NOMEM)
		return bs_fail_nomem(err);
	return status == BS_OK ? BS_OK : bs_fail(err, BS_FORMAT, "%s", first.msg);
}

enum bs_status bs_validate_answer(struct bs_str text, const struct bs_excerpt *excerpt,
	const struct bs_ending *ending, struct bs_arena *arena, struct bs_validated *ret_validated,
	struct bs_buf *errors, struct bs_err *err)
{
	struct bs_json *json = NULL;
	struct bs_validated v = {.outcome = BS_OUTCOME_INVALID_JSON};
	struct bs_err finding = {0};
	bool mended = false;
	if (bs_str_trim(text).len == 0) {
		bs_buf_add_c(errors, "the answer is empty\n");
		*ret_validated = (struct bs_validated){.outcome = BS_OUTCOME_EMPTY};
		return BS_OK;
	}
	enum bs_status status = parse(text, &json, &mended, &finding);
	if (status == BS_FORMAT)
		bs_buf_addf(errors, "%s\n", finding.msg);
	if (status == BS_OK) {
		v.outcome = BS_OUTCOME_INVALID_SUMMARY;
		status = bs_schema_read(
			json, BS_SCHEMA_COERCE, arena, &v.summary, &v.repaired, errors, &finding);
	}
	if (status == BS_OK)
		status = bs_ground_check(excerpt, ending, arena, &v.summary, errors, &finding);
	bs_json_free(json);
	if (status == BS_NOMEM || errors->failed == BS_NOMEM)
		return bs_fail_nomem(err);
	if (status == BS_OK)
		v.outcome = BS_OUTCOME_OK;
	v.repaired |= mended;
	*ret_validated = v;
	return BS_OK;
}
