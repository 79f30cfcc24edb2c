// SPDX-License-Identifier: MIT
// Draws the attempts of a scenario: a lane for each attempt, a group of lanes for each run.
#include "core/drill/waterfall.h"

#include <stdio.h>

#include "core/drill/tally.h"

#define WIDTH 1000
#define LEFT 330 // of the time line: the names stand before it
#define RIGHT 130
#define LANE 16
#define GAP 6 // between two runs
#define TICKS 4

struct picture {
	struct bs_buf *out;
	int64_t scale_ms; // at the right end
	int y;
};

static int x_of(const struct picture *picture, int64_t ms)
{
	if (picture->scale_ms <= 0)
		return LEFT;
	if (ms > picture->scale_ms)
		ms = picture->scale_ms;
	return LEFT + (int)((WIDTH - LEFT - RIGHT) * ms / picture->scale_ms);
}

// The smallest of 1, 2, 5 × 10ⁿ milliseconds that is not below.
static int64_t round_up(int64_t ms)
{
	static const int64_t steps[] = {1, 2, 5};
	for (int64_t power = 10;; power *= 10)
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (steps[i] * power >= ms)
				return steps[i] * power;
}

static const char *color_of(enum bs_outcome outcome)
{
	switch ((int)outcome) {
	case BS_OUTCOME_OK:
		return "b-ok";
	case BS_OUTCOME_TIMEOUT:
	case BS_OUTCOME_OUT_OF_TIME:
		return "b-slow";
	case BS_OUTCOME_HEDGE_LOST:
	case BS_OUTCOME_CANCELLED:
		return "b-idle";
	default:
		return "b-bad";
	}
}

static void add_text(struct picture *picture, int x, const char *class, struct bs_str text)
{
	bs_buf_addf(picture->out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, picture->y + LANE - 5,
		class);
	bs_html_text(text, picture->out);
	bs_buf_add_c(picture->out, "</text>");
}

static void add_bar(
	struct picture *picture, int64_t from_ms, int64_t to_ms, const char *class, bool pale)
{
	int x = x_of(picture, from_ms), width = x_of(picture, to_ms) - x;
	bs_buf_addf(picture->out,
		"<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\" class=\"%s%s\"/>", x,
		picture->y + 2, width < 2 ? 2 : width, LANE - 4, class, pale ? " wait" : "");
}

// What came of it, right of its bar.
static void add_end(struct picture *picture, int64_t end_ms, const char *what, int http_status,
	int64_t elapsed_ms)
{
	struct bs_buf words;
	bs_buf_init(&words, 200);
	bs_buf_add_c(&words, what);
	if (http_status && http_status != 200)
		bs_buf_addf(&words, " %d", http_status);
	bs_buf_add_c(&words, ", ");
	bs_drill_add_time(elapsed_ms, &words);
	add_text(picture, x_of(picture, end_ms) + 5, "dim", bs_buf_str(&words));
	bs_buf_release(&words);
}

static void draw_attempt(struct picture *picture, const struct bs_drill_attempt *attempt)
{
	const char *class = color_of(attempt->outcome);
	int64_t end_ms = attempt->started_ms + attempt->elapsed_ms;
	int64_t first_ms = attempt->first_token_ms >= attempt->started_ms ? attempt->first_token_ms
									  : end_ms;
	struct bs_buf name;
	bs_buf_init(&name, 4 * BS_DRILL_NAME_BYTES);
	bs_buf_addf(&name, "%s%s%s%s", attempt->hedge ? "hedge " : "", attempt->route,
		attempt->key[0] ? " · " : "", attempt->key);
	add_text(picture, 50, "", bs_str_clip_chars(bs_buf_str(&name), 46));
	add_bar(picture, attempt->started_ms, first_ms, class, true);
	if (end_ms > first_ms)
		add_bar(picture, first_ms, end_ms, class, false);
	add_end(picture, end_ms, bs_outcome_id(attempt->outcome), attempt->http_status,
		attempt->elapsed_ms);
	picture->y += LANE;
	bs_buf_release(&name);
}

static void draw_run(struct picture *picture, const struct bs_drill_run *run, size_t number)
{
	char label[32];
	(void)snprintf(label, sizeof(label), "run %zu", number);
	add_text(picture, 0, "dim", bs_str_c(label));
	for (size_t i = 0; i < run->attempts_count; i++)
		draw_attempt(picture, &run->attempts[i]);
	if (run->ending != BS_DRILL_MODEL) {
		bool local = run->ending == BS_DRILL_LOCAL;
		add_text(picture, 50, "", bs_str_c(local ? "rules" : "nobody"));
		add_bar(picture, run->elapsed_ms, run->elapsed_ms, local ? "b-slow" : "b-bad",
			false);
		add_end(picture, run->elapsed_ms, local ? "local summary" : "lost", 0,
			run->elapsed_ms);
		picture->y += LANE;
	}
	picture->y += GAP;
}

static void draw_alone(struct picture *picture, const struct bs_drill_run *run)
{
	bool answered = run->ending == BS_DRILL_MODEL;
	add_text(picture, 0, "dim", BS_LIT("without fallback"));
	bool beyond = run->elapsed_ms > picture->scale_ms;
	add_bar(picture, 0, run->elapsed_ms, "b-alone", false);
	add_end(picture, run->elapsed_ms,
		answered ? (beyond ? "→ ok" : "ok") : (beyond ? "→ no answer" : "no answer"), 0,
		run->elapsed_ms);
	picture->y += LANE + GAP;
}

// --- the whole

static int height_of(const struct bs_drill_result *result)
{
	size_t lanes = 1 + result->alone_played, gaps = result->runs_count + 1;
	for (size_t i = 0; i < result->runs_count; i++)
		lanes += result->runs[i].attempts_count +
			 (result->runs[i].ending != BS_DRILL_MODEL);
	return (int)(lanes * LANE + gaps * GAP);
}

static void draw_ticks(struct picture *picture, int height)
{
	struct bs_buf words;
	bs_buf_init(&words, 100);
	for (int i = 0; i <= TICKS; i++) {
		int64_t ms = picture->scale_ms * i / TICKS;
		int x = x_of(picture, ms);
		bs_buf_clear(&words);
		bs_drill_add_time(ms, &words);
		bs_buf_addf(picture->out, "<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>", x, x,
			LANE, height);
		add_text(picture, x + 3, "dim", bs_buf_str(&words));
	}
	picture->y += LANE;
	bs_buf_release(&words);
}

void bs_waterfall_draw(const struct bs_drill_result *result, struct bs_buf *out)
{
	int height = height_of(result);
	struct picture picture = {.out = out, .scale_ms = 100};
	for (size_t i = 0; i < result->runs_count; i++)
		if (result->runs[i].elapsed_ms > picture.scale_ms)
			picture.scale_ms = result->runs[i].elapsed_ms;
	picture.scale_ms = round_up(picture.scale_ms);
	bs_buf_addf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\">", WIDTH, height);
	draw_ticks(&picture, height);
	if (result->alone_played)
		draw_alone(&picture, &result->alone);
	for (size_t i = 0; i < result->runs_count; i++)
		draw_run(&picture, &result->runs[i], i + 1);
	bs_buf_add_c(out, "</svg>\n");
}
