// SPDX-License-Identifier: MIT
// core/config: the order of the layers, where values came from, and every message about a mistake.
#include "tests/unit/unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/config/config.h"
#include "core/config/settings.h"

#define VARIABLES_MAX 16
#define FLAGS_MAX 16

struct fixture {
	char folder[64];
	const char *environ[VARIABLES_MAX + 1];
	size_t variables_count;
	struct bs_config_flag flags[FLAGS_MAX];
	struct bs_config_sources sources;
	struct bs_arena arena;
	struct bs_diag diag;
	struct bs_config config;
	struct bs_err err;
};

static const char *const files[] = {"etc.yml", "home/buildsum/config.yml", ".buildsum.yml",
	".buildkite/buildsum.yml", "named.yml"};
static const char *const folders[] = {"home/buildsum", "home", ".buildkite", ""};

enum {
	ETC,
	USER,
	PROJECT,
	PROJECT_BUILDKITE,
	NAMED
};

static const char *path_of(struct fixture *f, const char *name)
{
	const char *path = bs_arena_printf(&f->arena, "%s/%s", f->folder, name);
	assert_non_null(path);
	return path;
}

static void set(struct fixture *f, const char *variable, const char *value)
{
	assert_true(f->variables_count < VARIABLES_MAX);
	const char *entry = bs_arena_printf(&f->arena, "%s=%s", variable, value);
	assert_non_null(entry);
	f->environ[f->variables_count++] = entry;
}

static void flag(struct fixture *f, const char *name, const char *text)
{
	const struct bs_setting *row = bs_setting_by_flag(bs_str_c(name));
	assert_non_null(row);
	assert_true(f->sources.flags_count < FLAGS_MAX);
	f->flags[f->sources.flags_count++] = (struct bs_config_flag){row, text};
}

static void put(struct fixture *f, size_t file, const char *text)
{
	FILE *out = fopen(path_of(f, files[file]), "w");
	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	assert_non_null(f);
	bs_arena_init(&f->arena, BS_RUN_ARENA_BYTES_MAX);
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/buildsum-config-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	assert_int_equal(mkdir(path_of(f, "home"), 0700), 0);
	assert_int_equal(mkdir(path_of(f, "home/buildsum"), 0700), 0);
	assert_int_equal(mkdir(path_of(f, ".buildkite"), 0700), 0);
	set(f, "XDG_CONFIG_HOME", path_of(f, "home"));
	f->sources = (struct bs_config_sources){
		.environ = f->environ,
		.system_path = path_of(f, "etc.yml"),
		.project_folder = f->folder,
		.flags = f->flags,
	};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)unlink(path_of(f, files[i]));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(rmdir(path_of(f, folders[i])), 0);
	bs_arena_release(&f->arena);
	free(f);
	return 0;
}

static void load(struct fixture *f)
{
	f->diag = (struct bs_diag){0};
	if (bs_config_load(&f->config, &f->sources, &f->arena, &f->diag, &f->err) != BS_OK)
		fail_msg("%s", f->err.msg);
}

// The message without the folder of the test.
static void refuse(struct fixture *f, const char *msg)
{
	struct bs_config before;
	memset(&f->config, 0x5A, sizeof(f->config));
	memcpy(&before, &f->config, sizeof(before));
	f->err = (struct bs_err){0};
	assert_int_equal(
		bs_config_load(&f->config, &f->sources, &f->arena, &f->diag, &f->err), BS_USAGE);
	assert_int_equal(f->err.status, BS_USAGE);
	assert_memory_equal(&before, &f->config, sizeof(before));
	const char *got = f->err.msg;
	size_t len = strlen(f->folder);
	if (strncmp(got, f->folder, len) == 0)
		got += len + 1;
	assert_string_equal(got, msg);
}

static void config_defaults_are_those_of_the_contract(void **state)
{
	struct fixture *f = *state;
	load(f);
	const struct bs_config *c = &f->config;
	assert_int_equal(c->route.count, 0);
	assert_int_equal(c->deadline_ms, 30000);
	assert_int_equal(c->attempts, 6);
	assert_int_equal(c->limits.connect_ms, 2000);
	assert_int_equal(c->limits.first_token_ms, 4000);
	assert_int_equal(c->limits.idle_ms, 4000);
	assert_int_equal(c->limits.attempt_ms, 15000);
	assert_true(c->stream);
	assert_int_equal(c->hedge_ms, BS_HEDGE_AUTO);
	assert_int_equal(c->on_refusal, BS_ON_REFUSAL_LOCAL);
	assert_int_equal(c->excerpt_bytes, 32000);
	assert_string_equal(c->annotation_scope, "build");
	assert_int_equal(c->annotation_priority, 5);
	assert_null(c->annotation_context);
	assert_null(c->annotation_style);
	assert_int_equal(c->format, BS_FORMAT_TEXT);
	assert_int_equal(c->color, BS_COLOR_AUTO);
	assert_false(c->offline || c->dry_run || c->require_llm || c->quiet ||
		     c->allow_project_providers);
	assert_string_equal(bs_config_origin(c, "deadline"), "default");
	assert_int_equal(f->diag.notes_count, 0);
}

// One setting in every layer; layers are taken away from the top.
static void config_layers_override_in_the_order_of_the_contract(void **state)
{
	struct fixture *f = *state;
	put(f, ETC, "attempts: 1\n");
	load(f);
	assert_int_equal(f->config.attempts, 1);
	assert_string_equal(bs_config_origin(&f->config, "attempts"), path_of(f, "etc.yml:1:1"));
	put(f, USER, "# mine\nattempts: 2\n");
	load(f);
	assert_int_equal(f->config.attempts, 2);
	assert_string_equal(bs_config_origin(&f->config, "attempts"),
		path_of(f, "home/buildsum/config.yml:2:1"));
	put(f, PROJECT, "attempts: 3\n");
	load(f);
	assert_int_equal(f->config.attempts, 3);
	put(f, PROJECT_BUILDKITE, "attempts: 4\n");
	load(f);
	assert_int_equal(f->config.attempts, 4);
	put(f, NAMED, "deadline: 7s\n");
	set(f, "BUILDSUM_CONFIG", path_of(f, "named.yml"));
	load(f);
	assert_int_equal(f->config.attempts, 2); // the project's file is not read now
	assert_int_equal(f->config.deadline_ms, 7000);
	f->sources.plugin_json = "{\"attempts\": 5}";
	load(f);
	assert_int_equal(f->config.attempts, 5);
	assert_string_equal(bs_config_origin(&f->config, "attempts"), "plugin attempts");
	set(f, "BUILDSUM_ATTEMPTS", "8");
	load(f);
	assert_int_equal(f->config.attempts, 8);
	assert_string_equal(
		bs_config_origin(&f->config, "attempts"), "environment BUILDSUM_ATTEMPTS");
	flag(f, "attempts", "9");
	load(f);
	assert_int_equal(f->config.attempts, 9);
	assert_string_equal(bs_config_origin(&f->config, "attempts"), "flag --attempts");
	flag(f, "attempts", "10");
	load(f);
	assert_int_equal(f->config.attempts, 10);
}

static void config_flag_names_the_file_before_the_variable(void **state)
{
	struct fixture *f = *state;
	put(f, NAMED, "attempts: 3\n");
	set(f, "BUILDSUM_CONFIG", "/nonexistent/config.yml");
	refuse(f, "/nonexistent/config.yml: No such file or directory");
	flag(f, "config", path_of(f, "named.yml"));
	load(f);
	assert_int_equal(f->config.attempts, 3);
	assert_string_equal(f->config.config_path, path_of(f, "named.yml"));
}

static void config_user_file_follows_xdg_then_home(void **state)
{
	struct fixture *f = *state;
	put(f, USER, "attempts: 2\n");
	f->environ[0] = "XDG_CONFIG_HOME=relative"; // the standard says: ignore it
	load(f);
	assert_int_equal(f->config.attempts, 6);
	f->environ[0] = "HOME=";
	load(f);
	assert_int_equal(f->config.attempts, 6);
	f->environ[0] = bs_arena_printf(&f->arena, "HOME=%s/home", f->folder);
	load(f);
	assert_int_equal(f->config.attempts, 6); // no .config there
}

static void config_reads_every_kind_of_value(void **state)
{
	struct fixture *f = *state;
	put(f, ETC,
		"route: [openai/gpt, 'anthropic/claude-x']\n"
		"providers:\n"
		"  openai: {keys: [OPENAI_A, OPENAI_B]}\n"
		"  gateway:\n"
		"    api: openai\n"
		"    base_url: http://localhost:8080/v1\n"
		"    keys: []\n"
		"    first_token: 6s\n"
		"deadline: 1m\n"
		"hedge: 1500ms\n"
		"stream: false\n"
		"on_refusal: next\n"
		"rules: [a.yml]\n"
		"annotation:\n"
		"  context: \"no\"\n"
		"  style: warning\n"
		"redact:\n"
		"  patterns: ['a,b{1,2}']\n");
	load(f);
	const struct bs_config *c = &f->config;
	assert_int_equal(c->route.count, 2);
	assert_string_equal(c->route.items[1], "anthropic/claude-x");
	assert_int_equal(c->providers_count, 2);
	assert_string_equal(c->providers[0].keys.items[1], "OPENAI_B");
	assert_null(c->providers[0].base_url);
	assert_false(c->providers[1].keys.count);
	assert_true(c->providers[1].keys_set);
	assert_int_equal(c->providers[1].limits.first_token_ms, 6000);
	assert_int_equal(c->providers[1].limits.idle_ms, 0);
	assert_string_equal(c->providers[1].origin, path_of(f, "etc.yml:4:3"));
	assert_int_equal(c->deadline_ms, 60000);
	assert_int_equal(c->hedge_ms, 1500);
	assert_false(c->stream);
	assert_int_equal(c->on_refusal, BS_ON_REFUSAL_NEXT);
	assert_string_equal(c->annotation_context, "no");
	assert_string_equal(c->annotation_style, "warning");
	assert_string_equal(c->redact_patterns.items[0], "a,b{1,2}");
	assert_string_equal(bs_config_origin(c, "redact.patterns"), path_of(f, "etc.yml:18:3"));
}

static void config_providers_merge_field_by_field(void **state)
{
	struct fixture *f = *state;
	put(f, ETC, "providers: {g: {base_url: 'https://a.example', keys: [A]}}\n");
	put(f, PROJECT, "providers: {g: {idle: 1s}}\n");
	f->sources.plugin_json = "{\"providers\": {\"g\": {\"keys\": [\"B\"], \"api\": null}}}";
	load(f);
	assert_int_equal(f->config.providers_count, 1);
	assert_string_equal(f->config.providers[0].base_url, "https://a.example");
	assert_string_equal(f->config.providers[0].keys.items[0], "B");
	assert_int_equal(f->config.providers[0].limits.idle_ms, 1000);
	assert_string_equal(f->config.providers[0].origin, "plugin providers");
}

static void config_redaction_only_ever_grows(void **state)
{
	struct fixture *f = *state;
	put(f, ETC, "redact: {env: [A], patterns: [x]}\nrules: [a.yml]\n");
	put(f, PROJECT, "redact: {env: [], patterns: [y]}\nrules: []\n");
	set(f, "BUILDSUM_REDACT_ENV", "B_*, C");
	set(f, "BUILDSUM_REDACT_PATTERNS", "p{1,2}\nq");
	flag(f, "redact-patterns", "r,s");
	flag(f, "redact-patterns", "t");
	load(f);
	assert_int_equal(f->config.redact_env.count, 3);
	assert_string_equal(f->config.redact_env.items[1], "B_*");
	assert_int_equal(f->config.redact_patterns.count, 6);
	assert_string_equal(f->config.redact_patterns.items[2], "p{1,2}");
	assert_string_equal(f->config.redact_patterns.items[4], "r,s");
	assert_int_equal(f->config.rules.count, 0);
}

static void config_lists_of_flags_and_variables_are_split_at_commas(void **state)
{
	struct fixture *f = *state;
	set(f, "BUILDSUM_ROUTE", "a/b");
	flag(f, "route", "openai/x, anthropic/y");
	flag(f, "route", "gemini");
	load(f);
	assert_int_equal(f->config.route.count, 3);
	assert_string_equal(f->config.route.items[1], "anthropic/y");
	assert_string_equal(f->config.route.items[2], "gemini");
}

static void config_plugin_properties_may_be_null_nested_or_nothing(void **state)
{
	struct fixture *f = *state;
	f->sources.plugin_json = "null";
	load(f);
	f->sources.plugin_json = "";
	load(f);
	f->sources.plugin_json =
		"{\"deadline\": null, \"annotation\": {\"context\": \"x\", \"priority\": 3},"
		" \"route\": [\"openai/x\"], \"stream\": false, \"hedge\": \"off\"}";
	load(f);
	assert_int_equal(f->config.deadline_ms, 30000);
	assert_string_equal(f->config.annotation_context, "x");
	assert_int_equal(f->config.annotation_priority, 3);
	assert_int_equal(f->config.route.count, 1);
	assert_false(f->config.stream);
	assert_int_equal(f->config.hedge_ms, BS_HEDGE_OFF);
	assert_string_equal(
		bs_config_origin(&f->config, "annotation.context"), "plugin annotation.context");
}

static void config_says_what_is_wrong_in_a_file_and_where(void **state)
{
	static const struct {
		const char *text, *msg;
	} rows[] = {
		{"deadlin: 4s\n", "1:1: \"deadlin\" is no setting; did you mean \"deadline\"?"},
		{"\nprovider: {}\n",
			"2:1: \"provider\" is no setting; did you mean \"providers\"?"},
		{"first-token: 4s\n",
			"1:1: \"first-token\" is no setting; did you mean \"first_token\"?"},
		{"zzzzzz: 1\n",
			"1:1: \"zzzzzz\" is no setting; `buildsum config` lists all settings"},
		{"\"a\\e[31m\": 1\n",
			"1:1: \"a?[31m\" is no setting; `buildsum config` lists all settings"},
		{"\"deadline\\0\": 1s\n",
			"1:1: \"deadline?\" is no setting; did you mean \"deadline\"?"},
		{"annotation.context: x\n",
			"1:1: \"annotation.context\" is no setting; `buildsum config` lists all "
			"settings"},
		{"annotation:\n  contxt: x\n",
			"2:3: \"contxt\" is no setting; did you mean \"context\"?"},
		{"providers:\n  openai:\n    key: [A]\n",
			"3:5: \"key\" is no setting; did you mean \"keys\"?"},
		{"providers: {'a b': {}}\n",
			"1:13: \"a b\" cannot name a provider; expected letters, digits, '-', '_', "
			"'.'"},
		{"providers: [openai]\n", "1:12: providers: expected a mapping (NAME: VALUE)"},
		{"annotation: x\n", "1:13: annotation: expected a mapping (NAME: VALUE)"},
		{"- a\n", "1:1: settings: expected a mapping (NAME: VALUE)"},
		{"config: x\n", "1:1: config: this is set by a flag or a variable only"},
		{"deadline: 30\n", "1:11: deadline: \"30\" has no unit; write 30s or 30ms"},
		{"deadline: '30'\n", "1:11: deadline: \"30\" has no unit; write 30s or 30ms"},
		{"deadline: 1.5s\n",
			"1:11: deadline: \"1.5s\" is not a duration; expected one such as 500ms, 4s "
			"or 1m"},
		{"hedge: soon\n",
			"1:8: hedge: \"soon\" is not a duration; expected auto or off, or one such "
			"as 500ms, 4s or 1m"},
		{"deadline: 99999s\n",
			"1:11: deadline: 99999s is out of range; expected 0s to 60m"},
		{"idle: 0s\n", "1:7: idle: 0s is out of range; expected 1ms to 60m"},
		{"deadline: -4s\n",
			"1:11: deadline: \"-4s\" is not a duration; expected one such as 500ms, 4s "
			"or 1m"},
		{"deadline:\n", "1:10: deadline: has no value; leave the key out to keep it unset"},
		{"deadline: ~\n",
			"1:11: deadline: has no value; leave the key out to keep it unset"},
		{"deadline: [4s]\n", "1:11: deadline: expected one value, not a list"},
		{"deadline: {a: b}\n", "1:11: deadline: expected one value, not a mapping"},
		{"attempts: 0\n",
			"1:11: attempts: \"0\" is out of range; expected a whole number from 1 to "
			"32"},
		{"attempts: -1\n",
			"1:11: attempts: \"-1\" is out of range; expected a whole number from 1 to "
			"32"},
		{"attempts: 99999999999999999999\n",
			"1:11: attempts: \"99999999999999999999\" is not a whole number; expected "
			"a whole number from 1 to 32"},
		{"attempts: 1e3\n",
			"1:11: attempts: \"1e3\" is not a whole number; expected a whole number "
			"from 1 to 32"},
		{"attempts: 0x10\n",
			"1:11: attempts: \"0x10\" is not a whole number; expected a whole number "
			"from 1 to 32"},
		{"attempts: \"10\"\n",
			"1:11: attempts: is text in quotes; expected a whole number without "
			"quotes"},
		{"stream: yes\n", "1:9: stream: \"yes\" is neither true nor false"},
		{"stream: 'true'\n",
			"1:9: stream: is text in quotes; expected true or false without quotes"},
		{"on_refusal: retry\n",
			"1:13: on_refusal: \"retry\" is not known; expected local or next"},
		{"format: xml\n",
			"1:9: format: \"xml\" is not known; expected text, markdown or json"},
		{"annotation: {style: red}\n",
			"1:21: annotation.style: \"red\" is not known; expected success, info, "
			"warning or error"},
		{"prompts: \"a\\nb\"\n",
			"1:10: prompts: \"a?b\" holds control bytes or is not UTF-8"},
		{"prompts: ''\n", "1:10: prompts: is empty; leave it out instead"},
		{"route: openai/x\n", "1:8: route: expected a list, such as [R1,R2,…]"},
		{"route:\n- openai/x\n- a b\n",
			"3:3: route: \"a b\" is not allowed; expected PROVIDER or PROVIDER/MODEL"},
		{"route: [[a]]\n", "1:9: route: expected one text for each entry"},
		{"route: [a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a]\n",
			"1:8: route: has 17 entries; expected at most 16"},
		{"a: &x 1\n", "1:4: an anchor or tag; expected a plain value"},
		{"providers: {o: {connect: 4}}\n",
			"1:26: providers.o.connect: \"4\" has no unit; write 4s or 4ms"},
	};
	struct fixture *f = *state;
	char expected[300];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(f, ETC, rows[i].text);
		(void)snprintf(expected, sizeof(expected), "etc.yml:%s", rows[i].msg);
		refuse(f, expected);
	}
}

static void config_says_what_is_wrong_in_variables_flags_and_plugin(void **state)
{
	struct fixture *f = *state;
	set(f, "BUILDSUM_FIRST_TOKEN", "4");
	refuse(f, "BUILDSUM_FIRST_TOKEN: first_token: \"4\" has no unit; write 4s or 4ms");
	f->environ[--f->variables_count] = NULL;
	flag(f, "annotation-priority", "11");
	refuse(f, "--annotation-priority: annotation.priority: \"11\" is out of range; expected a "
		  "whole number from 1 to 10");
	f->sources.flags_count = 0;
	f->sources.plugin_json = "{\"route\": \"openai/x\"}";
	refuse(f, "plugin configuration: route: expected a list, such as [R1,R2,…]");
	f->sources.plugin_json = "{\"attempts\": 2.5}";
	refuse(f, "plugin configuration: attempts: \"2.5\" is not a whole number; expected a whole "
		  "number from 1 to 32");
	f->sources.plugin_json = "{\"annotation\": {\"contxt\": \"x\"}}";
	refuse(f, "plugin configuration: \"contxt\" is no setting; did you mean \"context\"?");
	f->sources.plugin_json = "[1]";
	refuse(f, "plugin configuration: settings: expected a mapping (NAME: VALUE)");
	f->sources.plugin_json = "{";
	f->err = (struct bs_err){0};
	assert_int_equal(
		bs_config_load(&f->config, &f->sources, &f->arena, &f->diag, &f->err), BS_USAGE);
	assert_int_equal(strncmp(f->err.msg, "plugin configuration: ", 22), 0);
}

static void config_never_shows_what_may_be_a_key(void **state)
{
	struct fixture *f = *state;
	char secrets[4][40], text[200];
	// put together here, so that no file of ours holds what scanners take for a live token
	(void)snprintf(secrets[0], sizeof(secrets[0]), "%s-%s", "sk", "abcDEF123456ghiJKL7890");
	(void)snprintf(secrets[1], sizeof(secrets[1]), "%s_%s", "gsk", "abcDEFghiJKLmno1");
	(void)snprintf(secrets[2], sizeof(secrets[2]), "%s%s", "AIza", "SyAbCdEfGhIjKlMnOp");
	(void)snprintf(secrets[3], sizeof(secrets[3]), "%s", "0F1E2D3C4B5A69788796A5B4C3D2E1F0");
	for (size_t i = 0; i < 4; i++) {
		(void)snprintf(text, sizeof(text), "providers: {o: {keys: [%s]}}\n", secrets[i]);
		put(f, ETC, text);
		refuse(f,
			"etc.yml:1:24: providers.o.keys: holds what may be a secret, so it is not "
			"shown; write the NAME of an environment variable, file:/path or secret:NAME");
	}
	put(f, ETC, "providers: {o: {keys: [OPENAI_KEY_2, azure_key, K]}}\n");
	load(f);
	(void)snprintf(
		text, sizeof(text), "providers: {o: {base_url: 'https://u:%s@h/'}}\n", secrets[0]);
	put(f, ETC, text);
	refuse(f, "etc.yml:1:27: providers.o.base_url: holds what may be a secret, so it is not "
		  "shown; write http:// or https://, a host and a path, without user, query or "
		  "fragment");
}

static void config_headers_of_a_provider_carry_no_credential(void **state)
{
	struct fixture *f = *state;
	static const char *const bad[] = {"authorization: x", "X-Api-Key: x", "api-key: x",
		"x-portkey-api-key: x", "x-some-token: x", "cookie: a=b", "host: x", "no colon",
		"x-a:", "x a: b", "x-a: Bearer abc"};
	char text[200];
	put(f, ETC,
		"providers:\n"
		"  o: {headers: ['x-portkey-provider: openai', 'x-config: {\"a\": 1, \"b\": 2}',\n"
		"        'x-portkey-custom-host: http://gateway-3.example:8080/v1'],\n"
		"      key_header: x-key, model: m/n, window: 32768, schema: json_object}\n");
	load(f);
	const struct bs_provider_config *o = &f->config.providers[0];
	assert_int_equal(o->headers.count, 3);
	assert_string_equal(o->headers.items[1], "x-config: {\"a\": 1, \"b\": 2}");
	assert_string_equal(o->key_header, "x-key");
	assert_string_equal(o->model, "m/n");
	assert_int_equal(o->window, 32768);
	assert_string_equal(o->schema, "json_object");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(text, sizeof(text), "providers: {o: {headers: ['%s']}}\n", bad[i]);
		put(f, ETC, text);
		refuse(f,
			"etc.yml:1:27: providers.o.headers: holds what may be a secret, so it is "
			"not shown; write NAME: VALUE, without a credential (its variable is named "
			"under keys)");
	}
	put(f, ETC, "providers: {o: {schema: tight}}\n");
	refuse(f, "etc.yml:1:25: providers.o.schema: \"tight\" is not known; expected strict, "
		  "tool, json_object or prompt");
}

// What stands in the tree becomes JSON, from YAML and from the plugin's properties alike.
static void config_members_of_a_body_are_json(void **state)
{
	struct fixture *f = *state;
	static const char *const expected[] = {"a: 0", "b: -1.5e3", "c: true", "d: null", "e: null",
		"f: \"yes\"", "g: \"0\"", "h: {\"i\":[1,\"2\",{\"j\":false}],\"k\":\"l \\\" m\"}",
		"o: \"0x10\"", "p: []", "q: \"\"", "r-s.t: \"null\""};
	put(f, ETC,
		"providers:\n  o:\n    body: {a: 0, b: -1.5e3, c: true, d: null, e: ~, f: yes, g: '0',\n"
		"           h: {i: [1, '2', {j: false}], k: 'l \" m'}, o: 0x10, p: [], q: '', r-s.t: \"null\"}\n");
	load(f);
	const struct bs_strings *body = &f->config.providers[0].body;
	assert_int_equal(body->count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < body->count; i++)
		assert_string_equal(body->items[i], expected[i]);
	put(f, ETC,
		"providers: {o: {body: ['a: {\"b\": 1}', 'store:false'], headers: {x-a: 3, x-b: c d}}}\n");
	load(f);
	assert_string_equal(f->config.providers[0].body.items[0], "a: {\"b\": 1}");
	assert_string_equal(f->config.providers[0].body.items[1], "store:false");
	assert_string_equal(f->config.providers[0].headers.items[0], "x-a: 3");
	assert_string_equal(f->config.providers[0].headers.items[1], "x-b: c d");
	put(f, ETC, "");
	f->sources.plugin_json =
		"{\"providers\":{\"o\":{\"body\":{\"a\":1,\"b\":\"1\",\"c\":[true]}}}}";
	load(f);
	assert_string_equal(f->config.providers[0].body.items[0], "a: 1");
	assert_string_equal(f->config.providers[0].body.items[1], "b: \"1\"");
	assert_string_equal(f->config.providers[0].body.items[2], "c: [true]");
}

#define OUR_MEMBER                                                                         \
	" is not allowed; expected NAME: JSON, not the name of a member that carries the " \
	"prompt, the schema or the limit, and no credential"
#define WRONG_MEMBER                                                                             \
	": holds what may be a secret, so it is not shown; write NAME: JSON, not the name of a " \
	"member that carries the prompt, the schema or the limit, and no credential"

static void config_members_of_a_body_are_not_ours_and_no_credential(void **state)
{
	struct fixture *f = *state;
	static const char *const ours[] = {"messages: []", "input: 1", "stream: false", "tools: []",
		"response_format: {}", "max_tokens: 5", "max_completion_tokens: 1", "n: 2"};
	static const char *const bad[] = {"a b: 1", "no colon", "a: {", "a:", "a: yes", ": 1",
		"authorization: \"x\"", "api-key: 1"};
	char text[300], message[300];
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		(void)snprintf(text, sizeof(text), "providers: {o: {body: ['%s']}}\n", ours[i]);
		(void)snprintf(message, sizeof(message),
			"etc.yml:1:24: providers.o.body: \"%s\"" OUR_MEMBER, ours[i]);
		put(f, ETC, text);
		refuse(f, message);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(text, sizeof(text), "providers: {o: {body: ['%s']}}\n", bad[i]);
		put(f, ETC, text);
		refuse(f, "etc.yml:1:24: providers.o.body" WRONG_MEMBER);
	}
	put(f, ETC, "providers:\n  o:\n    body:\n      a: 1\n      stream: true\n");
	refuse(f, "etc.yml:5:15: providers.o.body: \"stream: true\"" OUR_MEMBER);
	const char *key = "s"
			  "k-"
			  "abcdefghij0123456789"; // in no file as a whole
	(void)snprintf(text, sizeof(text), "providers: {o: {body: {a: {b: ['%s']}}}}\n", key);
	put(f, ETC, text);
	refuse(f, "etc.yml:1:27: providers.o.body" WRONG_MEMBER);
	(void)snprintf(text, sizeof(text), "providers: {o: {body: {model: %s}}}\n", key);
	put(f, ETC, text);
	refuse(f, "etc.yml:1:31: providers.o.body" WRONG_MEMBER);
	put(f, ETC,
		"providers: {o: {body: {models: [anthropic/claude-haiku-5-5, us.x-v1:0-20251001]}}}\n");
	load(f);
	put(f, ETC, "providers: {o: {body: 3}}\n");
	refuse(f, "etc.yml:1:23: providers.o.body: expected a mapping or a list, such as [MEMBER]");
	put(f, ETC, "providers: {o: {headers: {x-a: [b]}}}\n");
	refuse(f, "etc.yml:1:32: providers.o.headers: expected one text for each entry");
	put(f, ETC, "providers: {o: {keys: {a: B}}}\n");
	refuse(f, "etc.yml:1:23: providers.o.keys: expected a list, such as [NAME,…]");
	put(f, ETC, "providers: {o: {output_limit: tokens}}\n");
	refuse(f, "etc.yml:1:31: providers.o.output_limit: \"tokens\" is not known; expected "
		  "max_tokens or max_completion_tokens");
	put(f, ETC, "providers: {o: {like: buildkite}}\n");
	refuse(f, "etc.yml:1:23: providers.o.like: \"buildkite\" is not known; expected openai, "
		  "anthropic, gemini, mistral, groq, openrouter, azure, bedrock, openai-responses, "
		  "ollama, llamacpp, vllm, litellm, bifrost or portkey");
}

static void config_reads_amounts_exactly(void **state)
{
	struct fixture *f = *state;
	static const struct {
		const char *text;
		int64_t micro; // -1: refused
	} cases[] = {{"none", 0}, {"0.02", 20000}, {"1", 1000000}, {"0.000001", 1},
		{"12.5", 12500000}, {"1000", 1000000000}, {"0", -1}, {"-1", -1}, {"1e-3", -1},
		{"0.0000001", -1}, {"1.", -1}, {".5", -1}, {"1001", -1}, {"$1", -1}, {"1,5", -1},
		{"0x1", -1}};
	char text[100], expected[200];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(text, sizeof(text), "cost_usd_max: %s\n", cases[i].text);
		put(f, ETC, text);
		if (cases[i].micro < 0) {
			(void)snprintf(expected, sizeof(expected),
				"etc.yml:1:15: cost_usd_max: \"%s\" is no amount; expected none, or "
				"US dollars above zero such as 0.01",
				cases[i].text);
			refuse(f, expected);
		} else {
			load(f);
			assert_int_equal(f->config.cost_usd_max, cases[i].micro);
		}
	}
	put(f, ETC, "providers: {o: {price_input: 0.10, price_output: free}}\n");
	load(f);
	assert_int_equal(f->config.providers[0].price_input, 100000);
	assert_int_equal(f->config.providers[0].price_output, BS_PRICE_FREE);
	put(f, ETC, "providers: {o: {price_input: 0.10}}\n");
	refuse(f, "etc.yml:1:17: providers.o: a price needs both price_input and price_output; "
		  "price_output is missing");
	put(f, ETC, "providers:\n  o:\n    window: 4096\n    price_cached: free\n");
	refuse(f, "etc.yml:4:5: providers.o: a price needs both price_input and price_output; "
		  "price_input is missing");
}

static void config_project_file_may_not_say_where_keys_go(void **state)
{
	static const char *const texts[] = {
		"providers: {o: {base_url: 'https://evil.example'}}\n",
		"providers: {o: {api: openai}}\n",
		"providers: {o: {keys: [OTHER]}}\n",
		"providers: {o: {key_header: x-key}}\n",
		"providers: {o: {headers: ['x-a: b']}}\n",
		"providers: {o: {like: azure}}\n",
		"providers: {o: {body: {store: true}}}\n",
	};
	static const char *const fields[] = {
		"base_url", "api", "keys", "key_header", "headers", "like", "body"};
	struct fixture *f = *state;
	char expected[300];
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		(void)snprintf(expected, sizeof(expected),
			".buildsum.yml:1:17: providers.o.%s: a file that came with the checkout may "
			"not say where requests and keys go or what they carry; set it elsewhere, "
			"or allow it there with allow_project_providers: true",
			fields[i]);
		put(f, PROJECT, texts[i]);
		refuse(f, expected);
		// not even when it is told the same by another layer
		put(f, USER, texts[i]);
		refuse(f, expected);
		put(f, USER, "allow_project_providers: true\n");
		load(f);
		put(f, USER, "");
		set(f, "BUILDSUM_ALLOW_PROJECT_PROVIDERS", "true");
		load(f);
		f->environ[--f->variables_count] = NULL;
	}
	put(f, PROJECT, "allow_project_providers: true\n");
	refuse(f,
		".buildsum.yml:1:1: allow_project_providers: a file that came with the checkout "
		"may not set this; set it by a flag, a variable, the plugin's properties or a file "
		"of the host");
	// the same text in a file that the operator names is the operator's word
	put(f, NAMED, texts[0]);
	flag(f, "config", path_of(f, "named.yml"));
	load(f);
	assert_string_equal(f->config.providers[0].base_url, "https://evil.example");
}

static void config_project_file_cannot_raise_the_ceiling(void **state)
{
	static const char *const prices[] = {"price_input", "price_output", "price_cached"};
	struct fixture *f = *state;
	char text[100], expected[400];
	put(f, PROJECT, "cost_usd_max: 0.05\n");
	load(f);
	assert_int_equal(f->config.cost_usd_max, 50000);
	put(f, ETC, "cost_usd_max: 0.02\n");
	(void)snprintf(expected, sizeof(expected),
		".buildsum.yml:1:1: cost_usd_max: a file that came with the checkout may not raise "
		"what %s set",
		path_of(f, "etc.yml:1:1"));
	refuse(f, expected);
	put(f, PROJECT, "cost_usd_max: none\n");
	refuse(f, expected);
	put(f, PROJECT, "cost_usd_max: 0.01\n");
	load(f);
	assert_int_equal(f->config.cost_usd_max, 10000);
	put(f, USER, "cost_usd_max: 0.5\n");
	put(f, PROJECT, "");
	load(f);
	assert_int_equal(f->config.cost_usd_max, 500000);
	// nor make requests look cheap, whatever else the operator allows
	put(f, USER, "allow_project_providers: true\n");
	for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
		(void)snprintf(text, sizeof(text), "providers: {o: {%s: free}}\n", prices[i]);
		(void)snprintf(expected, sizeof(expected),
			".buildsum.yml:1:17: providers.o.%s: a file that came with the checkout may "
			"not set this; set it in the plugin's properties or a file of the host",
			prices[i]);
		put(f, PROJECT, text);
		refuse(f, expected);
	}
}

static void config_project_file_cannot_turn_offline_off(void **state)
{
	struct fixture *f = *state;
	char expected[400];
	put(f, PROJECT, "offline: false\n");
	load(f);
	put(f, PROJECT, "offline: true\n");
	load(f);
	assert_true(f->config.offline);
	put(f, ETC, "offline: true\n");
	load(f);
	put(f, PROJECT, "offline: false\n");
	(void)snprintf(expected, sizeof(expected),
		".buildsum.yml:1:1: offline: a file that came with the checkout may not turn off "
		"what %s turned on",
		path_of(f, "etc.yml:1:1"));
	refuse(f, expected);
	put(f, USER, "offline: false\n");
	load(f);
	assert_false(f->config.offline);
}

static void assert_note(struct fixture *f, const char *note)
{
	for (size_t i = 0; i < f->diag.notes_count; i++)
		if (strcmp(f->diag.notes[i], note) == 0)
			return;
	fail_msg("no note \"%s\"; the first of %zu is \"%s\"", note, f->diag.notes_count,
		f->diag.notes[0]);
}

static void config_warns_about_unknown_variables(void **state)
{
	struct fixture *f = *state;
	put(f, ETC, "providers: {o: {keys: [BUILDSUM_OPENAI]}}\n");
	set(f, "BUILDSUM_DEDLINE", "4s");
	set(f, "BUILDSUM_QWERTYUIOP", "4s");
	set(f, "BUILDSUM_OPENAI", "x");
	set(f, "BUILDSUM_BIN", "x");
	set(f, "BUILDSUM_ROUTE", "");
	load(f);
	assert_note(f, "BUILDSUM_DEDLINE is no setting and is ignored; did you mean "
		       "BUILDSUM_DEADLINE?");
	assert_note(f, "BUILDSUM_QWERTYUIOP is no setting and is ignored");
	assert_int_equal(f->diag.notes_count, 2);
	assert_string_equal(bs_config_origin(&f->config, "route"), "default");
}

static void config_warns_about_what_cannot_work_as_written(void **state)
{
	struct fixture *f = *state;
	set(f, "BUILDSUM_FIRST_TOKEN", "20s");
	set(f, "BUILDSUM_OFFLINE", "true");
	set(f, "BUILDSUM_REQUIRE_LLM", "true");
	put(f, ETC,
		"providers:\n"
		"  a: {base_url: 'http://gateway.internal/v1'}\n"
		"  b: {base_url: 'http://localhost:8080/v1'}\n"
		"  c: {base_url: 'http://127.0.0.1'}\n"
		"  d: {base_url: 'http://gateway.internal/v1', keys: []}\n"
		"  e: {base_url: 'https://gateway.internal/v1'}\n");
	load(f);
	assert_note(f, "environment BUILDSUM_FIRST_TOKEN: first_token is 20s, but attempt ends it "
		       "after 15s");
	assert_note(f, "offline (environment BUILDSUM_OFFLINE) and require_llm (environment "
		       "BUILDSUM_REQUIRE_LLM): no model can answer");
	assert_int_equal(f->diag.notes_count, 3);
	flag(f, "deadline", "5s"); // below the default of attempt: nothing to say
	load(f);
	assert_int_equal(f->diag.notes_count, 3);
}

static void config_warns_about_files_that_all_may_change(void **state)
{
	struct fixture *f = *state;
	put(f, ETC, "attempts: 2\n");
	assert_int_equal(chmod(path_of(f, "etc.yml"), 0666), 0);
	load(f);
	assert_int_equal(f->diag.notes_count, 1);
	assert_int_equal(chmod(path_of(f, "etc.yml"), 0644), 0);
	load(f);
	assert_int_equal(f->diag.notes_count, 0);
}

static void config_refuses_files_that_are_none(void **state)
{
	struct fixture *f = *state;
	flag(f, "config", path_of(f, "home"));
	refuse(f, "home: is a directory");
	f->sources.flags_count = 0;
	char big[BS_YAML_BYTES_MAX + 2];
	memset(big, '#', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	put(f, ETC, big);
	refuse(f, "etc.yml: more than 65536 bytes");
}

static void config_does_not_follow_the_locale(void **state)
{
	static const char *const locales[] = {"tr_TR.UTF-8", "de_DE.UTF-8"};
	struct fixture *f = *state;
	size_t tried = 0;
	set(f, "BUILDSUM_IDLE", "3s");
	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		if (!setlocale(LC_ALL, locales[i]))
			continue; // not installed
		tried++;
		f->sources.plugin_json = "{\"attempts\": 2.5}";
		refuse(f, "plugin configuration: attempts: \"2.5\" is not a whole number; expected "
			  "a whole number from 1 to 32");
		f->sources.plugin_json = "{\"attempts\": 7}";
		load(f);
		assert_int_equal(f->config.attempts, 7);
		assert_int_equal(f->config.limits.idle_ms, 3000);
	}
	(void)setlocale(LC_ALL, "C");
	if (!tried)
		print_message("# no such locale is installed here\n");
}

static void config_fails_cleanly_when_the_arena_is_full(void **state)
{
	struct fixture *f = *state;
	struct bs_arena small;
	struct bs_config config;
	enum bs_status status = BS_NOMEM;
	put(f, ETC, "route: [a/b]\nproviders: {g: {keys: [A, B], api: openai}}\n");
	f->sources.plugin_json = "{\"annotation\": {\"context\": \"x\"}}";
	flag(f, "route", "c/d");
	set(f, "BUILDSUM_RULES", "a.yml");
	for (size_t bytes = 0; status != BS_OK && bytes < 100000; bytes += 16) {
		bs_arena_init(&small, bytes);
		f->err.status = BS_OK;
		status = bs_config_load(&config, &f->sources, &small, NULL, &f->err);
		assert_true(status == BS_OK || status == BS_NOMEM);
		assert_int_equal(f->err.status, status);
		bs_arena_release(&small);
	}
	assert_int_equal(status, BS_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		ROW(config_defaults_are_those_of_the_contract),
		ROW(config_layers_override_in_the_order_of_the_contract),
		ROW(config_flag_names_the_file_before_the_variable),
		ROW(config_user_file_follows_xdg_then_home),
		ROW(config_reads_every_kind_of_value),
		ROW(config_providers_merge_field_by_field),
		ROW(config_redaction_only_ever_grows),
		ROW(config_lists_of_flags_and_variables_are_split_at_commas),
		ROW(config_plugin_properties_may_be_null_nested_or_nothing),
		ROW(config_says_what_is_wrong_in_a_file_and_where),
		ROW(config_says_what_is_wrong_in_variables_flags_and_plugin),
		ROW(config_never_shows_what_may_be_a_key),
		ROW(config_project_file_may_not_say_where_keys_go),
		ROW(config_reads_amounts_exactly),
		ROW(config_headers_of_a_provider_carry_no_credential),
		ROW(config_members_of_a_body_are_json),
		ROW(config_members_of_a_body_are_not_ours_and_no_credential),
		ROW(config_project_file_cannot_raise_the_ceiling),
		ROW(config_project_file_cannot_turn_offline_off),
		ROW(config_warns_about_unknown_variables),
		ROW(config_warns_about_what_cannot_work_as_written),
		ROW(config_warns_about_files_that_all_may_change),
		ROW(config_refuses_files_that_are_none),
		ROW(config_does_not_follow_the_locale),
		ROW(config_fails_cleanly_when_the_arena_is_full),
#undef ROW
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
