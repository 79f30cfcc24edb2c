// SPDX-License-Identifier: MIT
// The rows of THE table of settings, and how a row is found by one of its names.
#include "core/config/settings.h"

#include <assert.h>
#include <stdio.h>

#include "core/config/config.h"
#include "core/config/value.h"

#define MINUTE_MS (60 * 1000)
#define USD 1000000 // millionths
#define HOUR_MS (60 * MINUTE_MS)

static const struct bs_word hedge_words[] = {
	{"auto", BS_HEDGE_AUTO}, {"off", BS_HEDGE_OFF}, {NULL, 0}};
static const struct bs_word on_refusal_words[] = {
	{"local", BS_ON_REFUSAL_LOCAL}, {"next", BS_ON_REFUSAL_NEXT}, {NULL, 0}};
static const struct bs_word style_words[] = {
	{"success", 0}, {"info", 0}, {"warning", 0}, {"error", 0}, {NULL, 0}};
static const struct bs_word scope_words[] = {{"build", 0}, {"job", 0}, {NULL, 0}};
static const struct bs_word no_ceiling_words[] = {{"none", 0}, {NULL, 0}};
static const struct bs_word format_words[] = {{"text", BS_FORMAT_TEXT},
	{"markdown", BS_FORMAT_MARKDOWN}, {"json", BS_FORMAT_JSON}, {NULL, 0}};
static const struct bs_word color_words[] = {
	{"auto", BS_COLOR_AUTO}, {"always", BS_COLOR_ALWAYS}, {"never", BS_COLOR_NEVER}, {NULL, 0}};

#define AT(field) .offset = offsetof(struct bs_config, field)

// clang-format off
const struct bs_setting bs_settings[] = {
	// --- models
	{.name = "route", .group = BS_GROUP_MODELS, .type = BS_SETTING_STRINGS, AT(route),
		.max = BS_ROUTES_MAX, .value = "R1,R2,…", .example = "[openai/gpt-6-luna, anthropic/claude-haiku-5-5]",
		.accepts = bs_value_is_route, .expected = "PROVIDER or PROVIDER/MODEL",
		.help = "Models in order of fallback, each PROVIDER or PROVIDER/MODEL; without it, the providers whose usual key variable is set."},
	{.name = "allow_project_providers", .group = BS_GROUP_MODELS, .type = BS_SETTING_BOOL, AT(allow_project_providers),
		.preset = "false", .flags = BS_SETTING_NOT_PROJECT,
		.help = "Let the project's file say where requests and keys go (api, base_url, keys of a provider)."},
	{.name = "on_refusal", .group = BS_GROUP_MODELS, .type = BS_SETTING_ENUM, AT(on_refusal),
		.preset = "local", .words = on_refusal_words, .value = "local|next",
		.help = "What follows when a model declines to answer: the local summary, or the next route."},
	{.name = "hedge", .group = BS_GROUP_MODELS, .type = BS_SETTING_DURATION, AT(hedge_ms),
		.min = 1, .max = HOUR_MS, .preset = "auto", .words = hedge_words, .value = "auto|off|DURATION",
		.help = "When to ask the next route beside a slow one: by what was seen before, never, or after a fixed time."},
	{.name = "stream", .group = BS_GROUP_MODELS, .type = BS_SETTING_BOOL, AT(stream),
		.preset = "true",
		.help = "Read answers as they are written, so that a stalled one is noticed early."},
	{.name = "state", .group = BS_GROUP_MODELS, .type = BS_SETTING_BOOL, AT(state),
		.preset = "true",
		.help = "Remember between runs which providers and keys do not work, so that the next run need not find out again."},
	{.name = "state_dir", .group = BS_GROUP_MODELS, .type = BS_SETTING_STRING, AT(state_dir),
		.max = BS_SETTING_BYTES_MAX, .value = "FOLDER", .example = "/var/lib/buildsum",
		.flags = BS_SETTING_NOT_PROJECT | BS_SETTING_MAY_BE_EMPTY,
		.help = "Where it is remembered: a folder of this user's; without it, buildsum in $XDG_STATE_HOME or ~/.local/state, or a folder in /tmp."},
	{.name = "prompts", .group = BS_GROUP_MODELS, .type = BS_SETTING_STRING, AT(prompts),
		.max = BS_SETTING_BYTES_MAX, .value = "FOLDER", .example = "ci/prompts",
		.help = "A folder whose templates replace the built-in prompts: system.md, user.md, shape.md, reask.md; of a family of models user.claude.md, user.small.md and so on."},
	{.name = "offline", .group = BS_GROUP_MODELS, .type = BS_SETTING_BOOL, AT(offline),
		.preset = "false", .flags = BS_SETTING_STAYS_ON,
		.help = "Make the local summary only; nothing is sent anywhere."},
	{.name = "dry_run", .group = BS_GROUP_MODELS, .type = BS_SETTING_BOOL, AT(dry_run),
		.preset = "false",
		.help = "Print the exact request bodies that would be sent; send nothing."},
	{.name = "require_llm", .group = BS_GROUP_MODELS, .type = BS_SETTING_BOOL, AT(require_llm),
		.preset = "false",
		.help = "Exit with 4 when only the local summary was possible."},

	// --- limits
	{.name = "deadline", .group = BS_GROUP_LIMITS, .type = BS_SETTING_DURATION, AT(deadline_ms),
		.min = 0, .max = HOUR_MS, .preset = "30s", .value = "DURATION",
		.help = "Bound on everything together: all attempts and all waits; in a Buildkite job at most 115s, or $BUILDSUM_HOOK_SECONDS less five."},
	{.name = "attempts", .group = BS_GROUP_LIMITS, .type = BS_SETTING_INTEGER, AT(attempts),
		.min = 1, .max = BS_ATTEMPTS_MAX, .preset = "6", .value = "NUMBER",
		.help = "Bound on all requests of a run together, repeated and hedged ones included."},
	{.name = "cost_usd_max", .group = BS_GROUP_LIMITS, .type = BS_SETTING_USD, AT(cost_usd_max),
		.min = 1, .max = 1000 * USD, .preset = "none", .words = no_ceiling_words, .value = "USD", .example = "0.02", .flags = BS_SETTING_STAYS_BELOW,
		.help = "Bound on what the requests of a run may cost together, in US dollars by list price; no request is sent that could exceed it."},
	{.name = "connect", .group = BS_GROUP_LIMITS, .type = BS_SETTING_DURATION, AT(limits.connect_ms),
		.min = 1, .max = HOUR_MS, .preset = "2s", .value = "DURATION",
		.help = "Bound on making a connection, TLS included."},
	{.name = "first_token", .group = BS_GROUP_LIMITS, .type = BS_SETTING_DURATION, AT(limits.first_token_ms),
		.min = 1, .max = HOUR_MS, .preset = "4s", .value = "DURATION",
		.help = "Bound on the wait for headers and the first byte of content; pings do not count."},
	{.name = "idle", .group = BS_GROUP_LIMITS, .type = BS_SETTING_DURATION, AT(limits.idle_ms),
		.min = 1, .max = HOUR_MS, .preset = "4s", .value = "DURATION",
		.help = "Bound on silence between bytes of content."},
	{.name = "attempt", .group = BS_GROUP_LIMITS, .type = BS_SETTING_DURATION, AT(limits.attempt_ms),
		.min = 1, .max = HOUR_MS, .preset = "15s", .value = "DURATION",
		.help = "Bound on one request from beginning to end."},

	// --- the excerpt
	{.name = "excerpt_bytes", .group = BS_GROUP_EXCERPT, .type = BS_SETTING_INTEGER, AT(excerpt_bytes),
		.min = 1000, .max = BS_EXCERPT_BYTES_MAX, .preset = "32000", .value = "BYTES",
		.help = "Bound on what a model is sent of the log; a log that fits goes through whole."},
	{.name = "rules", .group = BS_GROUP_EXCERPT, .type = BS_SETTING_STRINGS, AT(rules),
		.max = 64, .value = "FILE,…", .example = "[ci/rules.yml]",
		.help = "Rule packs of your own; paths are taken from the working directory."},
	{.name = "baseline", .group = BS_GROUP_EXCERPT, .type = BS_SETTING_STRING, AT(baseline),
		.max = BS_SETTING_BYTES_MAX, .value = "FILE", .example = "last-passing.log",
		.help = "Log of a run that passed: what was said there, too, loses weight."},
	{.name = "redact.env", .group = BS_GROUP_EXCERPT, .type = BS_SETTING_STRINGS, AT(redact_env),
		.max = 256, .value = "GLOB,…", .example = "[\"*_CREDENTIALS\"]", .flags = BS_SETTING_ADDS,
		.accepts = bs_value_is_glob, .expected = "the name of an environment variable, where * and ? may stand for letters",
		.help = "More variables whose values are secrets, by name, * and ? allowed; adds to the lists of lower layers."},
	{.name = "redact.patterns", .group = BS_GROUP_EXCERPT, .type = BS_SETTING_STRINGS, AT(redact_patterns),
		.max = 64, .value = "REGEX", .example = "['cust-[0-9]{6}']", .flags = BS_SETTING_ADDS | BS_SETTING_KEEPS_COMMAS,
		.help = "More regular expressions (PCRE2) whose matches are secrets; adds to the lists of lower layers."},

	// --- the annotation
	{.name = "annotation.context", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_STRING, AT(annotation_context),
		.max = BS_CONTEXT_BYTES_MAX, .value = "NAME", .example = "failed-tests",
		.help = "Name under which the annotation replaces an older one; without it, made from step, parallel index and cell of the matrix."},
	{.name = "annotation.style", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_STRING, AT(annotation_style),
		.words = style_words, .value = "STYLE", .example = "error",
		.help = "Look of the annotation: success, info, warning or error; without it, by what came out."},
	{.name = "annotation.scope", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_STRING, AT(annotation_scope),
		.words = scope_words, .preset = "build", .value = "build|job",
		.help = "Where the annotation stands: on the build's page or on the job's."},
	{.name = "annotation.priority", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_INTEGER, AT(annotation_priority),
		.min = 1, .max = 10, .preset = "5", .value = "NUMBER",
		.help = "Place among a build's annotations, 1 to 10; higher stands further up."},

	{.name = "annotation.group", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_BOOL, AT(annotation_group),
		.preset = "true",
		.help = "Let the jobs of a build that fail alike share one question to a model and one annotation, by the build's meta-data."},
	{.name = "reuse", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_BOOL, AT(reuse),
		.preset = "true",
		.help = "Use a model's summary again when a job fails the same way within 24 hours on this host; it is kept in state_dir."},

	// --- Buildkite's copy of the log
	{.name = "log.token", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_STRING, AT(log_token),
		.max = BS_SETTING_BYTES_MAX, .value = "NAME", .example = "\"secret:READ_LOGS\"",
		.flags = BS_SETTING_NOT_PROJECT | BS_SETTING_MAY_BE_SECRET,
		.accepts = bs_value_is_credential, .expected = BS_EXPECTED_CREDENTIAL,
		.help = "Where a REST API token that may read build logs is kept (as a key is), for agents that keep no copy of the log."},
	{.name = "log.url", .group = BS_GROUP_ANNOTATION, .type = BS_SETTING_STRING, AT(log_url),
		.max = BS_SETTING_BYTES_MAX, .preset = "https://api.buildkite.com/v2", .value = "URL",
		.flags = BS_SETTING_NOT_PROJECT | BS_SETTING_MAY_BE_SECRET,
		.accepts = bs_value_is_base_url, .expected = "http:// or https://, a host and a path, without user, query or fragment",
		.help = "The REST API that the log is read from with log.token."},

	// --- the program, for the plugin's hooks
	{.name = "install.url", .group = BS_GROUP_INSTALL, .type = BS_SETTING_STRING, AT(install_url),
		.max = BS_SETTING_BYTES_MAX, .value = "URL", .example = "https://files.example/buildsum-{os}-{arch}",
		.flags = BS_SETTING_OF_THE_HOOK,
		.help = "Where the hook fetches the program (https) when install.sha256 pins it; kept on the host. {os} and {arch} stand for the machine's, as in linux and amd64."},
	{.name = "install.sha256", .group = BS_GROUP_INSTALL, .type = BS_SETTING_STRING, AT(install_sha256),
		.max = BS_SETTING_BYTES_MAX, .value = "DIGITS", .flags = BS_SETTING_OF_THE_HOOK,
		.help = "SHA-256 of the program behind install.url; nothing is fetched without it, nothing else is run. For several machines a list: linux-amd64:DIGITS,darwin-arm64:DIGITS."},
	{.name = "install.build", .group = BS_GROUP_INSTALL, .type = BS_SETTING_BOOL, AT(install_build),
		.preset = "false", .flags = BS_SETTING_OF_THE_HOOK,
		.help = "Let the hook build the program from the plugin's own checkout, once per version and host, when it is not on the PATH."},

	// --- output
	{.name = "config", .group = BS_GROUP_OUTPUT, .type = BS_SETTING_STRING, AT(config_path),
		.max = BS_SETTING_BYTES_MAX, .value = "FILE", .flags = BS_SETTING_NOT_IN_FILES,
		.help = "Read this file instead of the project's .buildkite/buildsum.yml or .buildsum.yml."},
	{.name = "format", .group = BS_GROUP_OUTPUT, .type = BS_SETTING_ENUM, AT(format),
		.words = format_words, .preset = "text", .value = "text|markdown|json",
		.help = "Form of the result."},
	{.name = "color", .group = BS_GROUP_OUTPUT, .type = BS_SETTING_ENUM, AT(color),
		.words = color_words, .preset = "auto", .value = "auto|always|never",
		.help = "Colour: on a terminal without NO_COLOR, always, or never."},
	{.name = "quiet", .letter = 'q', .group = BS_GROUP_OUTPUT, .type = BS_SETTING_BOOL, AT(quiet),
		.preset = "false",
		.help = "Say nothing beside the result but errors."},
	{.name = "verbose", .letter = 'v', .group = BS_GROUP_OUTPUT, .type = BS_SETTING_COUNT, AT(verbose),
		.min = 0, .max = 3, .preset = "0", .value = "NUMBER",
		.help = "Say more about what is done; may be repeated."},

	// --- what is told to whoever watches
	{.name = "metrics.textfile", .group = BS_GROUP_OUTPUT, .type = BS_SETTING_STRING, AT(metrics_textfile),
		.max = BS_SETTING_BYTES_MAX, .value = "FILE", .example = "/var/lib/node_exporter/buildsum.prom", .flags = BS_SETTING_NOT_PROJECT,
		.help = "Write this host's counters there after each run, as Prometheus text."},
	{.name = "metrics.pushgateway", .group = BS_GROUP_OUTPUT, .type = BS_SETTING_STRING, AT(metrics_pushgateway),
		.max = BS_SETTING_BYTES_MAX, .value = "URL", .example = "http://pushgateway.example:9091", .flags = BS_SETTING_NOT_PROJECT | BS_SETTING_MAY_BE_SECRET,
		.accepts = bs_value_is_base_url, .expected = "http:// or https://, a host and a path, without user, query or fragment",
		.help = "Push this host's counters to a Prometheus Pushgateway after each run."},
	{.name = "metrics.otlp", .group = BS_GROUP_OUTPUT, .type = BS_SETTING_STRING, AT(metrics_otlp),
		.max = BS_SETTING_BYTES_MAX, .value = "URL", .example = "http://localhost:4318", .flags = BS_SETTING_NOT_PROJECT | BS_SETTING_MAY_BE_SECRET,
		.accepts = bs_value_is_base_url, .expected = "http:// or https://, a host and a path, without user, query or fragment",
		.help = "Send each run's metrics to an OpenTelemetry collector (OTLP over HTTP, JSON)."},
	{.name = NULL},
};

// clang-format on

size_t bs_settings_count(void)
{
	return sizeof(bs_settings) / sizeof(bs_settings[0]) - 1;
}

size_t bs_setting_index(const struct bs_setting *setting)
{
	assert(setting >= bs_settings && setting < bs_settings + bs_settings_count());
	return (size_t)(setting - bs_settings);
}

const struct bs_setting *bs_setting_by_name(const struct bs_setting *rows, struct bs_str name)
{
	for (const struct bs_setting *row = rows; row->name; row++)
		if (bs_str_eq_c(name, row->name))
			return row;
	return NULL;
}

const struct bs_setting *bs_setting_by_flag(struct bs_str flag)
{
	char text[BS_SETTING_NAME_BYTES];
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (!(row->flags & BS_SETTING_OF_THE_HOOK) &&
			bs_str_eq_c(flag, bs_setting_flag(row, text) + strlen("--")))
			return row;
	return NULL;
}

const struct bs_setting *bs_setting_by_letter(char letter)
{
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (row->letter && row->letter == letter)
			return row;
	return NULL;
}

const struct bs_setting *bs_setting_by_variable(struct bs_str variable)
{
	char text[BS_SETTING_NAME_BYTES];
	for (const struct bs_setting *row = bs_settings; row->name; row++)
		if (bs_str_eq_c(variable, bs_setting_variable(row, text)))
			return row;
	return NULL;
}

const char *bs_setting_flag(const struct bs_setting *setting, char text[BS_SETTING_NAME_BYTES])
{
	(void)snprintf(text, BS_SETTING_NAME_BYTES, "--%s", setting->name);
	for (char *c = text; *c; c++)
		if (*c == '.' || *c == '_')
			*c = '-';
	return text;
}

const char *bs_setting_variable(const struct bs_setting *setting, char text[BS_SETTING_NAME_BYTES])
{
	int n = snprintf(text, BS_SETTING_NAME_BYTES, "BUILDSUM_%s", setting->name);
	assert(n > 0 && n < BS_SETTING_NAME_BYTES);
	for (char *c = text; *c; c++) {
		if (*c == '.')
			*c = '_';
		else if (*c >= 'a' && *c <= 'z') // toupper() would follow the locale
			*c = (char)(*c - 'a' + 'A');
	}
	return text;
}

const char *bs_setting_group_title(enum bs_setting_group group)
{
	static const char *const titles[BS_GROUP_COUNT] = {
		[BS_GROUP_MODELS] = "Models",
		[BS_GROUP_LIMITS] = "Limits",
		[BS_GROUP_EXCERPT] = "Excerpt and redaction",
		[BS_GROUP_ANNOTATION] = "Buildkite",
		[BS_GROUP_OUTPUT] = "Common options",
		[BS_GROUP_INSTALL] = "The program, for the plugin's hooks",
	};
	return titles[group];
}
