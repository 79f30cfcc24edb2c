// SPDX-License-Identifier: MIT
// The Buildkite job that the hook runs in, from its environment.
#include "plugin/job.h"

#include <inttypes.h>

#include "core/config/config.h"
#include "core/config/duration.h"
#include "plugin/cell.h"

#define ENDPOINT_DEFAULT \
	"https://agent-edge.buildkite.com/v3" // the agent's own default since v3.122
#define TIMEOUT_MINUTES_MAX (366 * 24 * 60)   // a longer time-out is none
#define NAME_COST_MAX 60
#define NAME_CHARS_MAX 30 // of a job among those that failed alike
#define LIMIT_SECONDS_MAX 99999
#define GRACE_SECONDS_MAX (60 * 60)

// What job ids and step keys are made of; anything else could climb out of a URL's path.
static bool is_id(const char *text)
{
	size_t len = text ? strlen(text) : 0;
	for (size_t i = 0; i < len; i++)
		if (!bs_is_alnum(text[i]) && !strchr("-_:", text[i]))
			return false;
	return len > 0 && len <= 80;
}

static bool is_set(const char *const *environ, const char *name, const char *value)
{
	const char *found = bs_env_get(environ, name);
	return found && strcmp(found, value) == 0;
}

static int read_status(const char *text)
{
	uint64_t number;
	bool negative = text && text[0] == '-';
	if (!text || !bs_str_to_u64(bs_str_c(text + negative), &number) || number > 65535)
		return BS_JOB_STATUS_UNKNOWN;
	return negative ? -(int)number : (int)number;
}

static const char *not_empty(const char *text)
{
	return text && *text ? text : NULL;
}

// Minutes, or "false".
static int64_t read_timeout_ms(const char *text)
{
	uint64_t minutes;
	if (!text || !bs_str_to_u64(bs_str_c(text), &minutes) || minutes > TIMEOUT_MINUTES_MAX)
		return 0;
	return (int64_t)minutes * 60 * 1000;
}

// Seconds, as plugin/run.sh has read them.
static int64_t read_limit_ms(const char *text)
{
	uint64_t seconds;
	if (!text || !bs_str_to_u64(bs_str_c(text), &seconds) || seconds > LIMIT_SECONDS_MAX)
		return 0;
	return (int64_t)seconds * 1000;
}

// A duration as Go prints it: "10s", "1m0s".
static bool read_go_duration(struct bs_str text, int64_t *ret_ms)
{
	int64_t all_ms = 0, ms;
	while (text.len > 0) {
		size_t end = 0;
		while (end < text.len && bs_is_digit(text.ptr[end]))
			end++;
		while (end < text.len && bs_is_alpha(text.ptr[end]))
			end++;
		if (!bs_duration_parse(bs_str_sub(text, 0, end), &ms) ||
			ms > GRACE_SECONDS_MAX * 1000)
			return false;
		all_ms += ms;
		text = bs_str_from(text, end);
	}
	*ret_ms = all_ms;
	return all_ms > 0 && all_ms <= GRACE_SECONDS_MAX * 1000;
}

// v4 tells a duration, v3 seconds.
static int64_t read_grace_ms(const char *const *environ)
{
	uint64_t seconds;
	int64_t ms;
	const char *v4 = bs_env_get(environ, "BUILDKITE_CANCEL_SIGNAL_TIMEOUT");
	const char *v3 = bs_env_get(environ, "BUILDKITE_SIGNAL_GRACE_PERIOD_SECONDS");
	if (read_go_duration(bs_str_c(v4), &ms))
		return ms;
	if (v3 && bs_str_to_u64(bs_str_c(v3), &seconds) && seconds <= GRACE_SECONDS_MAX)
		return (int64_t)seconds * 1000;
	return 0;
}

// The agent has put it there and sends the same token to it with every request of its own: plain
// http too, where it was told so (a proxy beside it, a test). What is refused is what our requests
// could be led elsewhere by.
static bool is_safe_endpoint(const char *endpoint)
{
	static const char *const starts[] = {"https://", "http://"};
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (bs_str_istarts(bs_str_c(endpoint), bs_str_c(starts[i])))
			return !strchr("/:", endpoint[strlen(starts[i])]) &&
			       !strpbrk(endpoint, " \t\r\n\"<>@?#\\");
	return false;
}

// The one link of the annotation: only to the build page, only in the form Buildkite gives it.
static const char *safe_url(const char *build_url)
{
	if (!build_url || strlen(build_url) > 500 || strpbrk(build_url, " \t\r\n\"'<>\\`") ||
		!bs_str_starts(bs_str_c(build_url), BS_LIT("https://")))
		return NULL;
	return build_url;
}

static const char *hex(uint64_t hash, struct bs_arena *arena)
{
	return bs_arena_printf(arena, "%016" PRIx64, hash);
}

static const char *job_step(const char *const *environ, struct bs_arena *arena)
{
	const char *key = bs_env_get(environ, "BUILDKITE_STEP_KEY");
	const char *id = bs_env_get(environ, "BUILDKITE_STEP_ID");
	return hex(bs_str_hash(bs_str_c(is_id(key) ? key : id), 0), arena);
}

// "buildsum/<step>/<index>/<cell>": the step by its key, else by a hash of its id, so that a retry
// finds its own annotation again and no other job's.
static const char *job_context(const char *const *environ, uint32_t cell, struct bs_arena *arena)
{
	const char *key = bs_env_get(environ, "BUILDKITE_STEP_KEY");
	const char *parallel = bs_env_get(environ, "BUILDKITE_PARALLEL_JOB");
	const char *slash = is_id(parallel) ? "/" : "";
	if (!is_id(parallel))
		parallel = "";
	if (!is_id(key))
		key = job_step(environ, arena);
	return bs_arena_printf(
		arena, "buildsum/%s%s%s/%08" PRIx32, key ? key : "", slash, parallel, cell);
}

// What fits into a key of the build's meta-data, where a byte that is no ASCII takes three.
static struct bs_str clip_name(struct bs_str name)
{
	size_t len = 0;
	for (size_t cost = 0; len < name.len; len++) {
		cost += (unsigned char)name.ptr[len] < 0x80 ? 1 : 3;
		if (cost > NAME_COST_MAX)
			break;
	}
	return bs_str_clip_utf8(bs_str_clip_chars(name, NAME_CHARS_MAX), len);
}

// The bytes of ":hammer:" at the beginning of a word; 0: there is none.
static size_t emoji_bytes(struct bs_str s, size_t at)
{
	size_t end = at + 1;
	if (s.ptr[at] != ':' || (at > 0 && !strchr(" :", s.ptr[at - 1])) || end == s.len ||
		!bs_is_alpha(s.ptr[end]))
		return 0;
	while (end < s.len && (bs_is_alnum(s.ptr[end]) || strchr("_+-", s.ptr[end])))
		end++;
	return end < s.len && s.ptr[end] == ':' ? end + 1 - at : 0;
}

// A label without its emoji, whose names would stand there as text; as it is when nothing else is
// in it.
static const char *plain_label(const char *label, struct bs_arena *arena)
{
	struct bs_str text = bs_str_c(label);
	char *plain = bs_arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0, bytes; plain && i < text.len; i += bytes ? bytes : 1) {
		bytes = emoji_bytes(text, i);
		if (!bytes && (text.ptr[i] != ' ' || (len > 0 && plain[len - 1] != ' ')))
			plain[len++] = text.ptr[i];
	}
	while (len > 0 && plain[len - 1] == ' ')
		plain[--len] = '\0';
	return len > 0 ? plain : label;
}

static const char *job_name(const char *const *environ, struct bs_arena *arena)
{
	const char *label = not_empty(bs_env_get(environ, "BUILDKITE_LABEL"));
	const char *key = bs_env_get(environ, "BUILDKITE_STEP_KEY");
	const char *parallel = bs_env_get(environ, "BUILDKITE_PARALLEL_JOB");
	struct bs_str name = clip_name(bs_str_c(label        ? plain_label(label, arena)
						: is_id(key) ? key
							     : "job"));
	bool is_numbered = is_id(parallel);
	return bs_arena_printf(arena, "%.*s%s%s", BS_FMT(name), is_numbered ? " #" : "",
		is_numbered ? parallel : "");
}

static bool is_header_value(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
			return false;
	return text.len > 0 && text.len <= BS_HEADER_VALUE_BYTES_MAX;
}

// "SHARD" → "Buildkite-Shard": NULL when it is no name. The agent repeats no other names either.
static const char *header_name(struct bs_str words, struct bs_arena *arena)
{
	static const char start[] = "Buildkite-";
	char *name = bs_arena_alloc(arena, sizeof(start) + words.len);
	if (!name || words.len == 0)
		return NULL;
	memcpy(name, start, sizeof(start) - 1);
	for (size_t i = 0; i < words.len; i++) {
		bool begins = i == 0 || words.ptr[i - 1] == '_';
		if (!bs_is_alnum(words.ptr[i]) && words.ptr[i] != '_')
			return NULL;
		name[sizeof(start) - 1 + i] = words.ptr[i] == '_' ? '-'
					      : begins            ? words.ptr[i]
								  : bs_lower(words.ptr[i]);
	}
	return name;
}

// The headers that the server told the agent to send with every request; for the jobs' own requests
// the agent puts them into the environment (package api of its source, requestHeadersFromEnv). One
// that cannot be sent is left out: the annotation matters more.
static void read_headers(const char *const *environ, struct bs_arena *arena, struct bs_job *job)
{
	const struct bs_str start = BS_LIT("BUILDKITE_REQUEST_HEADER_BUILDKITE_");
	for (size_t i = 0; environ[i] && job->headers_count < BS_JOB_HEADERS_MAX; i++) {
		struct bs_str value = bs_str_c(environ[i]), variable;
		(void)bs_str_split(&value, '=', &variable);
		if (!bs_str_starts(variable, start) || !is_header_value(value))
			continue;
		const char *name = header_name(bs_str_from(variable, start.len), arena);
		if (name)
			job->headers[job->headers_count++] = (struct bs_http_header){name, value};
	}
}

const char *bs_job_copy_path(const char *const *environ, struct bs_arena *arena)
{
	const char *path = not_empty(bs_env_get(environ, "BUILDSUM_LOG_COPY"));
	const char *job_id = bs_env_get(environ, "BUILDKITE_JOB_ID");
	if (!path || !bs_str_ends(bs_str_c(path), BS_LIT("/")))
		return path;
	return bs_arena_printf(arena, "%sbuildsum-%s.log", path, is_id(job_id) ? job_id : "job");
}

enum bs_status bs_job_read(const char *const *environ, const char *context, struct bs_arena *arena,
	struct bs_job *ret_job, struct bs_err *err)
{
	const char *endpoint = bs_env_get(environ, "BUILDKITE_AGENT_ENDPOINT");
	const char *retries = bs_env_get(environ, "BUILDKITE_RETRY_COUNT");
	const char *organization = bs_env_get(environ, "BUILDKITE_ORGANIZATION_SLUG");
	struct bs_job job = {
		.id = bs_env_get(environ, "BUILDKITE_JOB_ID"),
		.endpoint = endpoint && *endpoint ? endpoint : ENDPOINT_DEFAULT,
		.token = bs_env_get(environ, "BUILDKITE_AGENT_ACCESS_TOKEN"),
		.organization = is_id(organization) ? organization : NULL,
		.log_path = not_empty(bs_env_get(environ, "BUILDKITE_JOB_LOG_TMPFILE")),
		.copy_path = bs_job_copy_path(environ, arena),
		.exit_status = read_status(bs_env_get(environ, "BUILDKITE_COMMAND_EXIT_STATUS")),
		.cancelled = is_set(environ, "BUILDKITE_JOB_CANCELLED", "true"),
		.timed_out = is_set(environ, "BUILDKITE_JOB_TIMED_OUT", "true"),
		.retried = retries && *retries && strcmp(retries, "0") != 0,
		.timeout_ms = read_timeout_ms(bs_env_get(environ, "BUILDKITE_TIMEOUT")),
		.limit_ms = read_limit_ms(bs_env_get(environ, "BUILDSUM_HOOK_SECONDS")),
		.grace_ms = read_grace_ms(environ),
		.api_socket = not_empty(bs_env_get(environ, "BUILDKITE_AGENT_JOB_API_SOCKET")),
		.api_token = not_empty(bs_env_get(environ, "BUILDKITE_AGENT_JOB_API_TOKEN")),
		.env_file = not_empty(bs_env_get(environ, "BUILDKITE_ENV_FILE")),
	};
	if (!is_id(job.id))
		return bs_fail(err, BS_USAGE,
			"BUILDKITE_JOB_ID is not set: this is no Buildkite job (by hand: buildsum FILE)");
	if (!job.token || !*job.token)
		return bs_fail(err, BS_USAGE,
			"BUILDKITE_AGENT_ACCESS_TOKEN is not set: nothing could be posted");
	if (!is_safe_endpoint(job.endpoint))
		return bs_fail(err, BS_USAGE,
			"BUILDKITE_AGENT_ENDPOINT: expected an address that begins with https:// or "
			"http://, without credentials or a query");
	job.build_url = safe_url(bs_env_get(environ, "BUILDKITE_BUILD_URL"));
	if (job.build_url)
		job.url = bs_arena_printf(arena, "%s#%s", job.build_url, job.id);
	struct bs_cell cell = bs_cell(environ, arena);
	const char *usual = job_context(environ, cell.all, arena);
	const char *shown = job_context(environ, cell.shown, arena);
	job.context = context ? context : usual;
	if (job.context && strlen(job.context) > BS_CONTEXT_BYTES_MAX)
		job.context = bs_arena_printf(
			arena, "buildsum/%016" PRIx64, bs_str_hash(bs_str_c(job.context), 0));
	job.step = job_step(environ, arena);
	job.slot = hex(bs_str_hash(bs_str_c(shown), 0) << 32 |
			       (bs_str_hash(bs_str_c(usual), 0) & UINT32_MAX),
		arena);
	job.is_slot_vague = !cell.is_known;
	job.at = hex(bs_str_hash(bs_str_c(job.context), 0), arena);
	job.name = job_name(environ, arena);
	if (!job.context || !usual || !shown || !job.step || !job.slot || !job.at || !job.name)
		return bs_fail_nomem(err);
	if (job.retried)
		(void)bs_str_to_u64(bs_str_c(retries), &job.attempt);
	// only at the job's end: before that the last hook is one that ran before the command
	if (job.exit_status == 0 && is_set(environ, "BUILDSUM_HOOK", "pre-exit"))
		job.hook_status = read_status(
			bs_env_get(environ, "BUILDKITE_LAST_HOOK_EXIT_STATUS"));
	if (job.hook_status == BS_JOB_STATUS_UNKNOWN)
		job.hook_status = 0;
	read_headers(environ, arena, &job);
	*ret_job = job;
	return BS_OK;
}
