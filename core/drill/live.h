// SPDX-License-Identifier: MIT
// The rehearsal with real providers: each route of the user's is asked once, alone.
#ifndef BS_DRILL_LIVE_H
#define BS_DRILL_LIVE_H

#include "core/drill/drill.h"

// What a route turned out to be worth as a lifeboat.
#define BS_LIVE_VERDICTS(X)                                                                      \
	X(BS_LIVE_KEEPS, "keeps the schema") /* the first answer was valid as it came */         \
	X(BS_LIVE_LEARNT, "keeps the schema, after a try") /* once a mode it refuses was left */ \
	X(BS_LIVE_MENDED, "had to be mended")              /* repaired, or asked again */        \
	X(BS_LIVE_BREAKS, "breaks the schema") /* it answers, but nothing that could be used */  \
	X(BS_LIVE_FAILED, "does not answer")   /* nothing that could be used */

enum bs_live_verdict {
#define X(name, words) name,
	BS_LIVE_VERDICTS(X)
#undef X
};

struct bs_live {
	struct bs_route routes[BS_ROUTES_MAX];
	struct bs_drill_run runs[BS_ROUTES_MAX];
	size_t routes_count, asked_count;
};

// Asks each route of options->config in turn, with the user's own keys and limits and no memory of
// other runs. options->log is what is sent. progress(index) is called before each; may be NULL.
// BS_USAGE: no route, or an impossible one. BS_CANCELLED.
enum bs_status bs_live_ask(const struct bs_drill_options *options,
	void (*progress)(void *ctx, const char *route), void *ctx, struct bs_arena *arena,
	struct bs_live **ret_live, struct bs_err *err) BS_MUST_USE;

enum bs_live_verdict bs_live_verdict_of(const struct bs_drill_run *run);
const char *bs_live_verdict_words(enum bs_live_verdict verdict);

void bs_live_print_text(const struct bs_live *live, bool color, struct bs_buf *out);
void bs_live_print_markdown(const struct bs_live *live, struct bs_buf *out);
void bs_live_print_json(const struct bs_live *live, struct bs_buf *out);

#endif
