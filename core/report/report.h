// SPDX-License-Identifier: MIT
// The result of a run, as every output format takes it.
#ifndef BS_REPORT_REPORT_H
#define BS_REPORT_REPORT_H

#include "core/base/buf.h"
#include "core/base/diag.h"
#include "core/llm/outcome.h"
#include "core/llm/summary.h"
#include "core/text/excerpt.h"

// A job, or one that failed for the same reason.
struct bs_alike {
	const char *name; // for people
	const char *url;  // NULL: it has no link. Checked by the caller
	const char *said; // its last words or its test, where jobs differ in that; else NULL
};

struct bs_report {
	bool by_llm;       // contract: outcome "llm", else "local"
	const char *route; // who answered; "local" otherwise
	struct bs_summary summary;
	bool repaired, reasked, hedged, low_confidence;
	struct bs_trail trail;
	const char *local_reason; // why no model answered, for people; NULL when one did:
				  // "offline", "no key is set", …
	int64_t elapsed_ms;
	struct bs_excerpt excerpt;
	const struct bs_diag *diag;
	const char *told;    // of a summary that this run did not make: what its own footer said of
			     // who answered; NULL: it is this run's
	const char *told_by; // "build", "host": another job of the build made it, or an earlier run
			     // on this host; NULL: this one
	const struct bs_alike *alike; // this job among them; fewer than two are not told of
	size_t alike_count;
};

// What all attempts cost together; not known when one of them is not.
struct bs_cost bs_report_cost(const struct bs_report *report);

// contract: JSON result. One line, '\n' ended, ASCII only.
void bs_report_json(const struct bs_report *report, struct bs_buf *out);

// The annotation: nothing from log or model can become active (single-line HTML blocks and
// <pre><code> only). bytes_aim: shortened to about that; never beyond BS_ANNOTATION_BYTES_MAX.
// job: whose failure it is, for the footer; NULL: not known, or one of report->alike.
void bs_report_markdown(const struct bs_report *report, const struct bs_alike *job,
	size_t bytes_aim, struct bs_buf *out);

struct bs_terminal {
	bool color;
	unsigned width; // columns; 0: do not wrap
};

void bs_report_terminal(
	const struct bs_report *report, struct bs_terminal terminal, struct bs_buf *out);

// "openai/gpt-6-luna answered in 0.8 s after anthropic 429 · $0.0042": who made the summary, for
// the footer of this run and of those that take it over. As safe as the trail.
void bs_report_told(const struct bs_report *report, struct bs_buf *out);

// "openai 429 ×2 → anthropic timeout 4.0 s (3 attempts, 4.3 s) → local summary": what was tried,
// for the footer. Plain text, safe on a terminal; the caller escapes it for HTML.
void bs_report_trail(const struct bs_report *report, struct bs_buf *out);

#endif
