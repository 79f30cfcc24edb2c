// SPDX-License-Identifier: MIT
// The report as JSON: version 1 of the outer contract, ASCII only, one line.
#include "core/report/json_own.h"
#include "core/report/report.h"
#include "core/report/words.h"

// A string, or null where the report has none.
static void put_optional(struct bs_json_writer *w, struct bs_str s)
{
	if (s.len)
		bs_json_put_str(w, s);
	else
		bs_json_put_null(w);
}

static void put_line(struct bs_json_writer *w, uint64_t line)
{
	if (line)
		bs_json_put_i64(w, (int64_t)line);
	else
		bs_json_put_null(w);
}

static void put_count(struct bs_json_writer *w, const char *key, uint64_t count)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, (int64_t)count);
}

// Milliseconds since the run began, or null for what did not happen.
static void put_ms(struct bs_json_writer *w, const char *key, int64_t ms)
{
	bs_json_put_key(w, key);
	if (ms < 0)
		bs_json_put_null(w);
	else
		bs_json_put_i64(w, ms);
}

void bs_report_put_summary(struct bs_json_writer *w, const struct bs_summary *summary)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "headline");
	bs_json_put_str(w, summary->headline);
	bs_json_put_key(w, "summary");
	bs_json_put_str(w, summary->summary);
	bs_json_put_key(w, "category");
	bs_json_put_c(w, bs_category_id(summary->category));
	bs_json_put_key(w, "failures");
	bs_json_open(w, '[');
	for (size_t i = 0; i < summary->failures_count; i++) {
		const struct bs_failure *failure = &summary->failures[i];
		bs_json_open(w, '{');
		bs_json_put_key(w, "name");
		put_optional(w, failure->name);
		bs_json_put_key(w, "file");
		put_optional(w, failure->file);
		bs_json_put_key(w, "line");
		put_line(w, failure->line);
		bs_json_put_key(w, "message");
		put_optional(w, failure->message);
		bs_json_close(w, '}');
	}
	bs_json_close(w, ']');
	bs_json_put_key(w, "evidence");
	bs_json_open(w, '[');
	for (size_t i = 0; i < summary->evidence_count; i++) {
		bs_json_open(w, '{');
		bs_json_put_key(w, "line");
		put_line(w, summary->evidence[i].line);
		bs_json_put_key(w, "text");
		bs_json_put_str(w, summary->evidence[i].text);
		bs_json_close(w, '}');
	}
	bs_json_close(w, ']');
	bs_json_put_key(w, "next_step");
	bs_json_put_str(w, summary->next_step);
	bs_json_put_key(w, "confidence");
	bs_json_put_c(w, bs_confidence_id(summary->confidence));
	bs_json_close(w, '}');
}

static void put_flags(struct bs_json_writer *w, const struct bs_report *report)
{
	const struct {
		const char *name;
		bool set;
	} flags[] = {
		{"repaired", report->repaired},
		{"reasked", report->reasked},
		{"hedged", report->hedged},
		{"low_confidence", report->low_confidence},
	};
	bs_json_open(w, '[');
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (flags[i].set)
			bs_json_put_c(w, flags[i].name);
	bs_json_close(w, ']');
}

static void put_cost(struct bs_json_writer *w, struct bs_cost cost)
{
	bs_json_put_key(w, "cost_usd");
	if (cost.known)
		bs_json_put_double(w, (double)cost.pico_usd / 1e12);
	else
		bs_json_put_null(w);
}

static void put_attempt(struct bs_json_writer *w, const struct bs_attempt_record *attempt)
{
	bs_json_open(w, '{');
	bs_json_put_key(w, "route");
	bs_json_put_c(w, attempt->route);
	bs_json_put_key(w, "key");
	bs_json_put_c(w, attempt->key);
	bs_json_put_key(w, "outcome");
	bs_json_put_c(w, bs_outcome_id(attempt->outcome));
	bs_json_put_key(w, "http_status");
	if (attempt->http_status)
		bs_json_put_i64(w, attempt->http_status);
	else
		bs_json_put_null(w);
	put_ms(w, "started_ms", attempt->started_ms);
	put_ms(w, "first_token_ms", attempt->first_token_ms);
	put_ms(w, "elapsed_ms", attempt->elapsed_ms);
	put_count(w, "input_tokens", attempt->input_tokens);
	put_count(w, "output_tokens", attempt->output_tokens);
	put_count(w, "cached_tokens", attempt->cached_tokens);
	put_cost(w, attempt->cost);
	bs_json_put_key(w, "request_id");
	bs_json_put_c(w, attempt->request_id);
	bs_json_close(w, '}');
}

void bs_json_put_excerpt(struct bs_json_writer *w, const struct bs_excerpt *excerpt)
{
	uint64_t lines = 0;
	for (size_t i = 0; i < excerpt->lines_count; i++)
		lines += excerpt->lines[i].number != 0;
	bs_json_open(w, '{');
	put_count(w, "input_bytes", excerpt->input_bytes);
	put_count(w, "input_lines", excerpt->input_lines);
	put_count(w, "bytes", excerpt->text.len);
	put_count(w, "lines", lines);
	put_count(w, "redactions", excerpt->redactions);
	bs_json_close(w, '}');
}

void bs_report_json(const struct bs_report *report, struct bs_buf *out)
{
	struct bs_json_writer w;
	bs_json_writer_init(&w, out);
	w.ascii = true;
	bs_json_open(&w, '{');
	put_count(&w, "version", 1);
	bs_json_put_key(&w, "outcome");
	bs_json_put_c(&w, report->by_llm ? "llm" : "local");
	bs_json_put_key(&w, "route");
	bs_json_put_c(&w, report->route);
	bs_json_put_key(&w, "summary");
	bs_report_put_summary(&w, &report->summary);
	bs_json_put_key(&w, "flags");
	put_flags(&w, report);
	bs_json_put_key(&w, "attempts");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < report->trail.count; i++)
		put_attempt(&w, &report->trail.attempts[i]);
	bs_json_close(&w, ']');
	put_count(&w, "elapsed_ms", (uint64_t)report->elapsed_ms);
	put_cost(&w, bs_report_cost(report));
	bs_json_put_key(&w, "excerpt");
	bs_json_put_excerpt(&w, &report->excerpt);
	bs_json_put_key(&w, "warnings");
	bs_json_open(&w, '[');
	for (size_t i = 0; report->diag && i < report->diag->notes_count; i++)
		bs_json_put_c(&w, report->diag->notes[i]);
	bs_json_close(&w, ']');
	bs_json_put_key(&w, "fingerprint");
	bs_json_put_c(&w, report->excerpt.failure_id);
	bs_json_close(&w, '}');
	bs_buf_add_char(out, '\n');
}
