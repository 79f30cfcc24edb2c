// SPDX-License-Identifier: MIT
// The effective configuration of a run: every setting with its value and where the value came from.
//
// Layers, each over the one before: defaults, /etc, the user's file, the project's file (or instead
// of it the one named by --config or BUILDSUM_CONFIG), the plugin's properties, the environment,
// flags.
#ifndef BS_CONFIG_CONFIG_H
#define BS_CONFIG_CONFIG_H

#include "core/base/arena.h"
#include "core/base/diag.h"

struct bs_setting;

enum bs_format {
	BS_FORMAT_TEXT,
	BS_FORMAT_MARKDOWN,
	BS_FORMAT_JSON,
};

enum bs_color {
	BS_COLOR_AUTO,
	BS_COLOR_ALWAYS,
	BS_COLOR_NEVER,
};

enum bs_on_refusal {
	BS_ON_REFUSAL_LOCAL,
	BS_ON_REFUSAL_NEXT,
};

#define BS_HEDGE_OFF (-1)
#define BS_HEDGE_AUTO 0

#define BS_PRICE_FREE (-1) // of a provider's entry, where 0 is "not said"

struct bs_strings {
	const char **items;
	size_t count;
};

// Limits of one attempt, milliseconds. In a provider's override 0 means: the general one.
struct bs_limits {
	int64_t connect_ms, first_token_ms, idle_ms, attempt_ms;
};

// One entry of `providers:`. NULL and 0 mean "not said here": the built-in table fills the rest.
struct bs_provider_config {
	const char *name; // the key under providers:
	const char *api;  // wire format
	const char *like; // a built-in provider whose row it takes over
	const char *base_url;
	struct bs_strings keys;                          // names of environment variables
	bool keys_set;                                   // `keys: []` means: send no credential
	const char *key_header;                          // that the key goes in
	struct bs_strings headers;                       // "Name: value"
	struct bs_strings body;                          // "name: JSON", members of each request
	const char *output_limit;                        // how the limit of output is called there
	const char *model;                               // when a route names none
	int64_t window;                                  // tokens
	int64_t price_input, price_output, price_cached; // BS_PRICE_FREE, or micro-USD a million
	const char *price_place;                         // where the last of those is said
	const char *schema;                              // the id of the schema mode to begin with
	struct bs_limits limits;
	bool from_project;  // a project's file says where it is; only where the operator allows
	bool made_up;       // a drill: address and keys are ours, no file says this
	const char *origin; // of the layer that spoke last: "a.yml:3:1", "plugin"
};

struct bs_config {
	struct bs_strings
		route; // "provider/model", in order of fallback; empty: by the keys that are set
	struct bs_provider_config providers[BS_PROVIDERS_MAX];
	size_t providers_count;
	bool allow_project_providers;

	int64_t deadline_ms;
	int64_t attempts;
	struct bs_limits limits;
	bool stream;
	int64_t hedge_ms; // BS_HEDGE_OFF, BS_HEDGE_AUTO, or a delay
	enum bs_on_refusal on_refusal;
	int64_t cost_usd_max;  // millionths of a dollar; 0: no ceiling
	bool state;            // remember providers' health between runs …
	const char *state_dir; // … here; NULL: in the user's usual place; empty: nowhere

	int64_t excerpt_bytes;
	struct bs_strings rules; // paths of the user's rule packs
	const char *baseline;    // path of a passing run's log; NULL: none
	const char *prompts;     // folder that replaces the embedded templates; NULL: none
	struct bs_strings redact_env, redact_patterns;

	const char *annotation_context; // NULL: derived from the step
	const char *annotation_style;   // NULL: by the outcome
	const char *annotation_scope;   // "build" or "job"
	int64_t annotation_priority;
	bool annotation_group; // jobs that fail alike share one
	bool reuse;            // of kept summaries of the same failure

	const char *log_token; // where a token for the REST API is kept, as of a key; NULL: nowhere
	const char *log_url;   // of the REST API
	// Where this host's counters go after a run; NULL: nowhere.
	const char *metrics_textfile, *metrics_pushgateway, *metrics_otlp;

	// how the plugin's shell finds this program; here only so that they are known and shown
	const char *install_url, *install_sha256;
	bool install_build;

	const char *config_path; // named by --config or BUILDSUM_CONFIG; NULL: the project's file
	enum bs_format format;
	enum bs_color color;
	bool offline, dry_run, require_llm, quiet;
	bool brief; // check --live: as little as possible is asked; no file says this
	int64_t verbose;

	// By the index of the setting's row (core/config/settings.h): "default", "a.yml:3:1",
	// "plugin deadline", "environment BUILDSUM_DEADLINE", "flag --deadline".
	const char **origins;
};

// One flag of the command line, in its order: bs_options_parse makes them.
struct bs_config_flag {
	const struct bs_setting *setting;
	const char *text; // as any other value; lists with commas
};

// What the layers are read from. NULL members are skipped.
struct bs_config_sources {
	const char *const *environ;
	const char *system_path;    // BS_CONFIG_SYSTEM_PATH
	const char *project_folder; // the working directory: "."
	const char *plugin_json;    // BUILDKITE_PLUGIN_CONFIGURATION; only in `buildsum buildkite`
	const struct bs_config_flag *flags;
	size_t flags_count;
};

#define BS_CONFIG_SYSTEM_PATH "/etc/buildsum/config.yml"

// Reads all layers, each over the one before. Strings live in the arena. BS_USAGE: the message
// begins with the place ("a.yml:3:11", "BUILDSUM_DEADLINE", "--deadline", "plugin configuration")
// and says what was expected. Odd but harmless things are notes in diag.
enum bs_status bs_config_load(struct bs_config *config, const struct bs_config_sources *sources,
	struct bs_arena *arena, struct bs_diag *diag, struct bs_err *err) BS_MUST_USE;

// Nothing but the defaults.
enum bs_status bs_config_defaults(
	struct bs_config *config, struct bs_arena *arena, struct bs_err *err) BS_MUST_USE;

// Where a field's value came from, by the setting's name; "default" when origins are missing.
const char *bs_config_origin(const struct bs_config *config, const char *name);

// The user's entry of that name under `providers:`, or NULL.
const struct bs_provider_config *bs_config_provider(
	const struct bs_config *config, struct bs_str name);

// Value of a variable in an environ-style list, or NULL.
const char *bs_env_get(const char *const *environ, const char *name);

#endif
