// SPDX-License-Identifier: MIT
// Runs bs_chain_ask on a log given as it is, and prints what came of it as JSON.
//
//     ask [OPTION VALUE]… [--provider NAME API URL KEYS]… [--route R]… FILE
//
// KEYS are names of variables with commas between them, or "-". Times are milliseconds.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/ext/json.h"
#include "core/llm/chain.h"

#define ITEMS_MAX 64

static volatile sig_atomic_t cancelled;

static void note_signal(int number)
{
	(void)number;
	cancelled = 1;
}

struct setup {
	struct bs_config config;
	const char *routes[BS_ROUTES_MAX];
	const char *keys[BS_PROVIDERS_MAX][BS_KEYS_MAX];
	const char *secret, *file;
	int64_t exit_status;
	bool dry_run;
};

// --- the command line

static void add_keys(struct setup *setup, struct bs_provider_config *provider, char *text)
{
	const char **keys = setup->keys[setup->config.providers_count];
	provider->keys.items = keys;
	provider->keys_set = true;
	if (strcmp(text, "-") == 0)
		return;
	for (char *name = text; name && provider->keys.count < BS_KEYS_MAX;) {
		keys[provider->keys.count++] = name;
		name = strchr(name, ',');
		if (name)
			*name++ = '\0';
	}
}

static bool set_number(struct setup *setup, const char *name, const char *value)
{
	struct bs_config *config = &setup->config;
	const struct {
		const char *name;
		int64_t *at;
	} numbers[] = {
		{"--deadline", &config->deadline_ms},
		{"--attempts", &config->attempts},
		{"--connect", &config->limits.connect_ms},
		{"--first-token", &config->limits.first_token_ms},
		{"--idle", &config->limits.idle_ms},
		{"--attempt", &config->limits.attempt_ms},
		{"--hedge", &config->hedge_ms},
		{"--exit-status", &setup->exit_status},
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(numbers[i].name, name) == 0) {
			*numbers[i].at = strtoll(value, NULL, 10);
			return true;
		}
	return false;
}

static bool set_flag(struct setup *setup, const char *name)
{
	const struct {
		const char *name;
		bool *at, value;
	} flags[] = {
		{"--whole", &setup->config.stream, false},
		{"--dry-run", &setup->dry_run, true},
	};
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i].name, name) == 0) {
			*flags[i].at = flags[i].value;
			return true;
		}
	return false;
}

static bool read_options(struct setup *setup, int argc, char **argv)
{
	struct bs_config *config = &setup->config;
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		if (set_flag(setup, word))
			continue;
		if (word[0] != '-') {
			setup->file = word;
		} else if (strcmp(word, "--provider") == 0 && i + 4 < argc) {
			struct bs_provider_config *provider =
				&config->providers[config->providers_count];
			provider->name = argv[i + 1];
			provider->api = argv[i + 2];
			provider->base_url = argv[i + 3];
			add_keys(setup, provider, argv[i + 4]);
			config->providers_count++;
			i += 4;
		} else if (strcmp(word, "--route") == 0 && i + 1 < argc) {
			setup->routes[config->route.count++] = argv[++i];
		} else if (strcmp(word, "--state-dir") == 0 && i + 1 < argc) {
			config->state = true;
			config->state_dir = argv[++i];
		} else if (strcmp(word, "--secret") == 0 && i + 1 < argc) {
			setup->secret = argv[++i];
		} else if (strcmp(word, "--on-refusal") == 0 && i + 1 < argc) {
			if (strcmp(argv[++i], "next") == 0)
				config->on_refusal = BS_ON_REFUSAL_NEXT;
		} else if (i + 1 >= argc || !set_number(setup, word, argv[i + 1])) {
			return false;
		} else {
			i++;
		}
	}
	config->route.items = setup->routes;
	return setup->file != NULL;
}

// --- the excerpt: the whole file, line by line

static enum bs_status read_excerpt(const char *path, struct bs_arena *arena,
	struct bs_excerpt *ret_excerpt, struct bs_err *err)
{
	struct bs_excerpt excerpt = {.whole = true, .silent = true};
	enum bs_status status = bs_file_load(path, BS_EXCERPT_BYTES_MAX, arena, &excerpt.text, err);
	if (status != BS_OK)
		return status;
	size_t count = 1;
	for (size_t i = 0; i < excerpt.text.len; i++)
		count += excerpt.text.ptr[i] == '\n';
	excerpt.lines = BS_NEW_ARRAY(arena, struct bs_excerpt_line, count);
	if (!excerpt.lines)
		return bs_fail_nomem(err);
	struct bs_str rest = excerpt.text, line;
	while (rest.len && bs_str_split(&rest, '\n', &line)) {
		excerpt.lines[excerpt.lines_count] = (struct bs_excerpt_line){
			.number = excerpt.lines_count + 1, .text = line};
		excerpt.lines_count++;
	}
	excerpt.input_lines = excerpt.lines_count;
	excerpt.input_bytes = excerpt.text.len;
	*ret_excerpt = excerpt;
	return BS_OK;
}

// --- the guard: one known secret

static enum bs_status check(void *ctx, struct bs_str bytes, struct bs_err *err)
{
	const char *secret = ctx;
	if (secret && bs_str_has(bytes, bs_str_c(secret)))
		return bs_fail(err, BS_SECRET, "the request holds the secret of the test");
	return BS_OK;
}

static void redact_text(void *ctx, struct bs_str text, struct bs_buf *out)
{
	const char *secret = ctx;
	bs_buf_add(out, secret && bs_str_has(text, bs_str_c(secret)) ? BS_LIT("[REDACTED]") : text);
}

// --- the result

static void put_text(struct bs_json_writer *w, const char *key, const char *text)
{
	bs_json_put_key(w, key);
	bs_json_put_c(w, text);
}

static void put_number(struct bs_json_writer *w, const char *key, int64_t number)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, number);
}

static void put_flag(struct bs_json_writer *w, const char *key, bool value)
{
	bs_json_put_key(w, key);
	bs_json_put_bool(w, value);
}

static void put_attempts(struct bs_json_writer *w, const struct bs_trail *trail)
{
	bs_json_put_key(w, "attempts");
	bs_json_open(w, '[');
	for (size_t i = 0; i < trail->count; i++) {
		const struct bs_attempt_record *record = &trail->attempts[i];
		bs_json_open(w, '{');
		put_text(w, "route", record->route);
		put_text(w, "key", record->key);
		put_text(w, "outcome", bs_outcome_id(record->outcome));
		put_number(w, "http_status", record->http_status);
		put_number(w, "started_ms", record->started_ms);
		put_number(w, "first_token_ms", record->first_token_ms);
		put_number(w, "elapsed_ms", record->elapsed_ms);
		put_number(w, "input_tokens", (int64_t)record->input_tokens);
		put_number(w, "output_tokens", (int64_t)record->output_tokens);
		put_flag(w, "hedge", record->hedge);
		put_text(w, "reason", record->reason);
		bs_json_close(w, '}');
	}
	bs_json_close(w, ']');
}

static void print_answer(const struct bs_answer *answer, enum bs_status status,
	const struct bs_err *err, const struct bs_diag *diag, int64_t elapsed_ms)
{
	struct bs_buf out;
	struct bs_json_writer w;
	bs_buf_init(&out, BS_JSON_BYTES_MAX);
	bs_json_writer_init(&w, &out);
	bs_json_open(&w, '{');
	put_text(&w, "status", bs_status_words(status));
	put_text(&w, "error", err->msg);
	put_flag(&w, "answered", answer->answered);
	put_flag(&w, "has_routes", answer->has_routes);
	put_text(&w, "route", answer->route);
	put_text(&w, "gave_up", answer->answered ? NULL : bs_outcome_id(answer->gave_up));
	put_flag(&w, "repaired", answer->repaired);
	put_flag(&w, "reasked", answer->reasked);
	put_flag(&w, "hedged", answer->hedged);
	bs_json_put_key(&w, "headline");
	bs_json_put_str(&w, answer->summary.headline);
	bs_json_put_key(&w, "evidence");
	bs_json_put_str(&w, answer->summary.evidence[0].text);
	put_number(&w, "evidence_line", (int64_t)answer->summary.evidence[0].line);
	put_number(&w, "elapsed_ms", elapsed_ms);
	put_attempts(&w, &answer->trail);
	bs_json_put_key(&w, "warnings");
	bs_json_open(&w, '[');
	for (size_t i = 0; i < diag->notes_count; i++)
		bs_json_put_c(&w, diag->notes[i]);
	bs_json_close(&w, ']');
	bs_json_close(&w, '}');
	puts(out.ptr ? out.ptr : "");
	bs_buf_release(&out);
}

static enum bs_status ask_chain(
	struct setup *setup, const struct bs_excerpt *excerpt, struct bs_arena *arena)
{
	extern char **environ;
	struct bs_err err = {0};
	struct bs_answer answer = {0};
	static struct bs_diag diag;
	int64_t started_ms = bs_clock_ms();
	struct bs_ask ask = {
		.config = &setup->config,
		.environ = (const char *const *)environ,
		.excerpt = excerpt,
		.ending = {.exit_status = (int)setup->exit_status},
		.started_ms = started_ms,
		.deadline_at_ms = started_ms + setup->config.deadline_ms,
		.cancelled = &cancelled,
		.guard = {check, redact_text, (void *)(uintptr_t)setup->secret},
		.diag = &diag,
	};
	if (setup->dry_run) {
		struct bs_buf out;
		bs_buf_init(&out, BS_REQUEST_BYTES_MAX);
		enum bs_status status = bs_chain_dry_run(&ask, &out, &err);
		printf("%s%s", out.ptr ? out.ptr : "", err.msg);
		bs_buf_release(&out);
		return status;
	}
	enum bs_status status = bs_chain_ask(&ask, arena, &answer, &err);
	print_answer(&answer, status, &err, &diag, bs_clock_ms() - started_ms);
	return status;
}

int main(int argc, char **argv)
{
	static struct setup setup = {.exit_status = 1};
	setup.config.deadline_ms = 5000;
	setup.config.attempts = 6;
	setup.config.limits = (struct bs_limits){1000, 1000, 1000, 3000};
	setup.config.stream = true;
	setup.config.hedge_ms = BS_HEDGE_OFF;
	if (!read_options(&setup, argc, argv)) {
		fputs("usage: ask [OPTION VALUE]... FILE\n", stderr);
		return 2;
	}
	signal(SIGTERM, note_signal);
	struct bs_arena arena;
	struct bs_excerpt excerpt;
	struct bs_err err = {0};
	bs_arena_init(&arena, BS_RUN_ARENA_BYTES_MAX);
	enum bs_status status = read_excerpt(setup.file, &arena, &excerpt, &err);
	if (status != BS_OK)
		fprintf(stderr, "ask: %s\n", err.msg);
	else
		status = ask_chain(&setup, &excerpt, &arena);
	bs_arena_release(&arena);
	return status == BS_OK ? 0 : 1;
}
