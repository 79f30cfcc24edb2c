// SPDX-License-Identifier: MIT
// A drill as a page of its own: the verdicts, and every attempt drawn on a time line.
//
// One file without script, font or image from elsewhere, to be sent round.
#include "core/drill/tally.h"
#include "core/drill/waterfall.h"

static const char style[] =
	":root{--bg:#fff;--fg:#1b1f24;--dim:#667080;--line:#d9dee4;--ok:#1a7f43;--warn:#b7791f;"
	"--bad:#c92a2a;--idle:#9aa5b1;--card:#f6f8fa}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e4e8ec;--dim:#97a1ad;"
	"--line:#2c333b;--ok:#3fb56b;--warn:#d9a441;--bad:#ef6a6a;--idle:#5d6874;--card:#1c2127}}\n"
	"body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;"
	"margin:2rem auto;max-width:70rem;padding:0 1rem}\n"
	"h1{font-size:1.5rem;margin-bottom:.2rem}p{max-width:60rem}.dim{color:var(--dim)}\n"
	".big{display:flex;gap:1rem;flex-wrap:wrap;margin:1.2rem 0}\n"
	".big div{background:var(--card);border-radius:8px;padding:.6rem 1rem;min-width:8rem}\n"
	".big b{display:block;font-size:1.6rem;font-variant-numeric:tabular-nums}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}\n"
	"th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line);"
	"white-space:nowrap}\n"
	"td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\n"
	".ok{color:var(--ok)}.local{color:var(--warn)}.failed{color:var(--bad);font-weight:bold}\n"
	"a{color:inherit}summary{cursor:pointer;padding:.4rem 0}\n"
	"details{border-bottom:1px solid var(--line)}svg{width:100%;height:auto;display:block}\n"
	"svg text{font:11px system-ui,sans-serif;fill:var(--fg)}svg .dim{fill:var(--dim)}\n"
	"svg line{stroke:var(--line)}.b-ok{fill:var(--ok)}.b-bad{fill:var(--bad)}"
	".b-slow{fill:var(--warn)}.b-idle{fill:var(--idle)}.b-alone{fill:var(--dim);opacity:.45}\n"
	".wait{opacity:.45}.key span{display:inline-block;width:.8em;height:.8em;border-radius:2px;"
	"margin:0 .3em 0 1em}\n";

void bs_html_text(struct bs_str text, struct bs_buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (strchr("&<>\"'", c) && c)
			bs_buf_addf(out, "&#%u;", c);
		else
			bs_buf_add_char(out, c < 0x20 || c == 0x7F ? ' ' : (char)c);
	}
}

static const char *class_of(const struct bs_drill_result *result)
{
	if (bs_drill_failed(result))
		return "failed";
	return result->verdict == BS_DRILL_OK ? "ok" : "local";
}

// --- the head of the page

static void add_number(struct bs_buf *out, size_t number, const char *what)
{
	bs_buf_addf(out, "<div><b>%zu</b>%s</div>\n", number, what);
}

static void add_head(const struct bs_drill *drill, struct bs_buf *out)
{
	struct bs_drill_totals totals = bs_drill_total(drill);
	bs_buf_addf(out,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<title>buildsum drill: %s</title>\n<style>\n%s</style></head><body>\n"
		"<h1>buildsum drill: <span class=\"%s\">%s</span></h1>\n<p>",
		totals.failed ? "failed" : "passed", style, totals.failed ? "failed" : "ok",
		totals.failed ? "failed" : "passed");
	for (size_t i = 0; i < drill->routes_count; i++) {
		bs_buf_add_c(out, "<b>");
		bs_html_text(bs_str_c(drill->routes[i].name), out);
		bs_buf_addf(out, "</b>%s → ", drill->routes[i].keys.count > 1 ? " (keys)" : "");
	}
	bs_buf_addf(out,
		"local summary</p>\n<p class=\"dim\">%sFaults were played on one machine, "
		"%zu runs of each scenario in one outage; no real provider was asked. A healthy "
		"provider takes ",
		drill->borrowed_route ? "No route is configured: the built-in providers stand in. "
				      : "",
		drill->options->runs);
	bs_drill_add_time(drill->options->latency_ms, out);
	bs_buf_add_c(out, ", the deadline is ");
	bs_drill_add_time(drill->options->config->deadline_ms, out);
	bs_buf_add_c(out, ".</p>\n<div class=\"big\">\n");
	add_number(out, totals.lost, "annotations lost");
	add_number(out, totals.late, "over the deadline");
	add_number(out, totals.by_models, "summaries by models");
	add_number(out, totals.by_rules, "summaries by rules");
	bs_buf_addf(out,
		"<div><b>%zu of %zu</b>scenarios without an answer<br>when there is no "
		"fallback</div>\n</div>\n",
		totals.alone_lost, totals.scenarios);
}

// --- the table

static void add_time_cell(int64_t ms, struct bs_buf *out)
{
	bs_buf_add_c(out, "<td class=\"n\">");
	bs_drill_add_time(ms, out);
	bs_buf_add_c(out, "</td>");
}

static void add_row(const struct bs_drill_result *result, size_t index, struct bs_buf *out)
{
	struct bs_buf names;
	bs_buf_init(&names, 4096);
	bs_drill_add_answerers(result, false, &names);
	bs_buf_addf(out, "<tr><td><a href=\"#s%zu\">", index);
	bs_html_text(bs_str_c(result->scenario->name), out);
	bs_buf_addf(out, "</a></td><td class=\"%s\">%s</td><td>", class_of(result),
		result->played ? bs_drill_verdict_id(result->verdict) : "not over");
	bs_html_text(bs_buf_str(&names), out);
	bs_buf_addf(out, "</td><td class=\"n\">%u</td>", result->attempts_max);
	add_time_cell(result->first_ms, out);
	add_time_cell(result->p50_ms, out);
	add_time_cell(result->p95_ms, out);
	bs_buf_add_c(out, "<td>");
	if (result->alone_played) {
		bs_buf_add_c(out, result->alone.ending == BS_DRILL_MODEL ? "ok, " : "no answer, ");
		bs_drill_add_time(result->alone.elapsed_ms, out);
	}
	bs_buf_add_c(out, "</td></tr>\n");
	bs_buf_release(&names);
}

// --- the whole

void bs_drill_print_html(const struct bs_drill *drill, struct bs_buf *out)
{
	add_head(drill, out);
	bs_buf_add_c(out,
		"<div class=\"scroll\"><table><tr><th>scenario</th><th>verdict</th>"
		"<th>answered by</th><th class=\"n\">sends</th><th class=\"n\">first run"
		"</th><th class=\"n\">p50</th><th class=\"n\">p95</th><th>without fallback"
		"</th></tr>\n");
	for (size_t i = 0; i < drill->results_count; i++)
		add_row(&drill->results[i], i, out);
	bs_buf_add_c(out, "</table></div>\n<h2>Every attempt</h2>\n<p class=\"key dim\">"
			  "<span style=\"background:var(--ok)\"></span>answered"
			  "<span style=\"background:var(--bad)\"></span>failed"
			  "<span style=\"background:var(--warn)\"></span>too slow"
			  "<span style=\"background:var(--idle)\"></span>cancelled, another was "
			  "faster &nbsp; pale: before the first word</p>\n");
	for (size_t i = 0; i < drill->results_count; i++) {
		const struct bs_drill_result *result = &drill->results[i];
		bs_buf_addf(out, "<details id=\"s%zu\" open><summary><b class=\"%s\">", i,
			class_of(result));
		bs_html_text(bs_str_c(result->scenario->name), out);
		bs_buf_add_c(out, "</b> <span class=\"dim\">");
		bs_html_text(bs_str_c(result->scenario->about), out);
		bs_buf_add_c(out, "</span></summary>\n");
		bs_waterfall_draw(result, out);
		bs_buf_add_c(out, "</details>\n");
	}
	bs_buf_add_c(out, "</body></html>\n");
}
