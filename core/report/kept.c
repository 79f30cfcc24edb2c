// SPDX-License-Identifier: MIT
// Kept summaries as JSON, both ways.
#include "core/report/kept.h"

#include "core/llm/schema.h"
#include "core/report/words.h"

#define VERSION 1
#define EVIDENCE_CHARS_KEPT 500 // what an annotation shows of a line
#define TOLD_CHARS_MAX 300

void bs_kept_write(const struct bs_kept *kept, struct bs_buf *out)
{
	struct bs_json_writer w;
	struct bs_summary summary = kept->summary;
	for (size_t i = 0; i < summary.evidence_count; i++)
		summary.evidence[i].text = bs_str_clip_chars(
			summary.evidence[i].text, EVIDENCE_CHARS_KEPT);
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	bs_json_put_key(&w, "version");
	bs_json_put_i64(&w, VERSION);
	bs_json_put_key(&w, "by_llm");
	bs_json_put_bool(&w, kept->by_llm);
	bs_json_put_key(&w, "told");
	bs_json_put_c(&w, kept->told);
	bs_json_put_key(&w, "context");
	bs_json_put_c(&w, kept->context);
	bs_json_put_key(&w, "made_ms");
	bs_json_put_i64(&w, kept->made_ms);
	bs_json_put_key(&w, "summary");
	bs_report_put_summary(&w, &summary);
	bs_json_close(&w, '}');
}

static enum bs_status read_members(const struct bs_json *json, struct bs_arena *arena,
	struct bs_kept *kept, struct bs_err *err)
{
	uint64_t version = 0, made_ms = 0;
	struct bs_str told = bs_json_text(bs_json_get(json, "told"));
	struct bs_str context = bs_json_text(bs_json_get(json, "context"));
	if (!bs_json_u64(bs_json_get(json, "version"), &version) || version != VERSION ||
		!bs_json_u64(bs_json_get(json, "made_ms"), &made_ms) ||
		!bs_json_bool(bs_json_get(json, "by_llm"), &kept->by_llm) || !told.ptr ||
		!context.ptr || context.len > BS_CONTEXT_BYTES_MAX)
		return bs_fail(err, BS_FORMAT, "not a kept summary");
	kept->made_ms = (int64_t)made_ms;
	kept->told = bs_arena_cstr(arena, bs_str_clip_chars(told, TOLD_CHARS_MAX));
	kept->context = bs_arena_cstr(arena, context);
	return kept->told && kept->context ? BS_OK : bs_fail_nomem(err);
}

enum bs_status bs_kept_read(
	struct bs_str text, struct bs_arena *arena, struct bs_kept *ret_kept, struct bs_err *err)
{
	struct bs_json *json = NULL;
	struct bs_kept kept = {0};
	struct bs_buf errors;
	bool repaired;
	if (text.len > BS_KEPT_BYTES_MAX)
		return bs_fail(err, BS_FORMAT, "not a kept summary: %zu bytes", text.len);
	bs_buf_init(&errors, BS_VIOLATIONS_BYTES_MAX);
	enum bs_status status = bs_json_parse(text, &json, err);
	if (status == BS_OK)
		status = read_members(json, arena, &kept, err);
	if (status == BS_OK)
		status = bs_schema_read(bs_json_get(json, "summary"), 0, arena, &kept.summary,
			&repaired, &errors, err);
	if (status == BS_OK)
		*ret_kept = kept;
	bs_json_free(json);
	bs_buf_release(&errors);
	return status;
}
