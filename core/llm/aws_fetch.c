// SPDX-License-Identifier: MIT
// AWS credentials that a service of the host gives: of a container, of an instance (IMDSv2).
#include "core/base/clock.h"
#include "core/ext/file.h"
#include "core/ext/http.h"
#include "core/ext/json.h"
#include "core/llm/aws_own.h"
#include "core/llm/hint.h"

// Services of the host answer within milliseconds, or are not there.
#define LOCAL_MS 1000
#define LOOK_MS 50
#define REPLY_BYTES_MAX ((size_t)64 * 1024)

#define CONTAINER_HOST "http://169.254.170.2"
#define INSTANCE_HOST "http://169.254.169.254"
#define INSTANCE_HOST_6 "http://[fd00:ec2::254]"
#define ROLE_PATH "/latest/meta-data/iam/security-credentials/"

struct bs_str bs_aws_variable(const struct bs_aws_ask *ask, const char *name)
{
	return bs_str_trim(bs_str_c(bs_env_get(ask->environ, name)));
}

// --- asking

static enum bs_status wait_for(const struct bs_aws_ask *ask, struct bs_http *http,
	const struct bs_http_exchange *exchange, struct bs_err *err)
{
	while (!bs_http_reply(exchange)->done) {
		enum bs_status status = bs_http_poll(http, LOOK_MS, err);
		if (status != BS_OK)
			return status;
		if (ask->cancelled && *ask->cancelled)
			return bs_fail(err, BS_CANCELLED, "interrupted");
	}
	return BS_OK;
}

// The body of a 200, in the arena. ms: of this request at the most.
enum bs_status bs_aws_fetch(const struct bs_aws_ask *ask, const char *who, int64_t ms,
	struct bs_http_request request, struct bs_str *ret_body, struct bs_err *err)
{
	struct bs_http *http = NULL;
	struct bs_http_exchange *exchange = NULL;
	int64_t left_ms = ask->until_ms - bs_clock_ms();
	if (left_ms <= 0)
		return bs_fail(err, BS_NETWORK, "%s: no time is left to ask", who);
	request.total_ms = left_ms < ms ? left_ms : ms;
	request.connect_ms = request.headers_ms = request.total_ms;
	request.reply_bytes_max = REPLY_BYTES_MAX;
	enum bs_status status = bs_http_new(&http, err);
	if (status == BS_OK)
		status = bs_http_start(http, &request, &exchange, err);
	if (status == BS_OK)
		status = wait_for(ask, http, exchange, err);
	if (status == BS_OK) {
		const struct bs_http_reply *reply = bs_http_reply(exchange);
		if (reply->verdict != BS_HTTP_OK)
			status = bs_fail(err, BS_NETWORK, "%s: %s", who, reply->message);
		else if (reply->status != 200)
			status = bs_fail(err, BS_NETWORK, "%s: HTTP %d", who, reply->status);
		else if (!(*ret_body = bs_arena_str(ask->arena, reply->body)).ptr)
			status = bs_fail_nomem(err);
	}
	bs_http_end(exchange);
	bs_http_free(http);
	return status;
}

// --- what comes

enum bs_status bs_aws_check(const struct bs_aws_credentials *found, const char *who,
	struct bs_str expires, struct bs_err *err)
{
	int64_t at_ms = 0;
	if (!found->id.len || !found->secret.len)
		return bs_fail(err, BS_FORMAT, "%s: the answer holds no credentials", who);
	if (bs_hint_date_ms(expires, &at_ms) && at_ms <= bs_clock_wall_ms())
		return bs_fail(err, BS_FORMAT, "%s: its credentials have expired", who);
	return BS_OK;
}

static enum bs_status keep(const struct bs_aws_ask *ask, const struct bs_json *value,
	struct bs_str *ret_text, struct bs_err *err)
{
	*ret_text = bs_arena_str(ask->arena, bs_json_text(value));
	return ret_text->ptr ? BS_OK : bs_fail_nomem(err);
}

// {"AccessKeyId": …, "SecretAccessKey": …, "Token": …, "Expiration": …}
static enum bs_status read_json(const struct bs_aws_ask *ask, const char *who, struct bs_str body,
	struct bs_aws_credentials *found, struct bs_err *err)
{
	struct bs_json *json = NULL;
	if (bs_json_parse(body, &json, NULL) != BS_OK)
		return bs_fail(err, BS_FORMAT, "%s: the answer is no JSON", who);
	enum bs_status status = keep(ask, bs_json_get(json, "AccessKeyId"), &found->id, err);
	if (status == BS_OK)
		status = keep(ask, bs_json_get(json, "SecretAccessKey"), &found->secret, err);
	if (status == BS_OK)
		status = keep(ask, bs_json_get(json, "Token"), &found->token, err);
	if (status == BS_OK)
		status = bs_aws_check(
			found, who, bs_json_text(bs_json_get(json, "Expiration")), err);
	bs_json_free(json);
	return status;
}

// --- of a container

// Without TLS only these: this host, ECS, EKS Pod Identity.
static bool may_be_asked(const struct bs_http_place *place)
{
	static const char *const hosts[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
	if (!place->plain || place->loopback)
		return true;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strcmp(place->host, hosts[i]) == 0)
			return true;
	return false;
}

static enum bs_status find_authorization(
	const struct bs_aws_ask *ask, struct bs_str *ret_token, struct bs_err *err)
{
	const char *path = bs_env_get(ask->environ, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
	*ret_token = bs_aws_variable(ask, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
	if (!path || !*path)
		return BS_OK;
	enum bs_status status = bs_file_load(
		path, BS_AWS_TOKEN_BYTES_MAX, ask->arena, ret_token, err);
	*ret_token = bs_str_trim(*ret_token);
	return status;
}

enum bs_status bs_aws_from_container(
	const struct bs_aws_ask *ask, struct bs_aws_credentials *ret_found, struct bs_err *err)
{
	static const char who[] = "the container's credentials";
	struct bs_str relative = bs_aws_variable(ask, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
	struct bs_str full = bs_aws_variable(ask, "AWS_CONTAINER_CREDENTIALS_FULL_URI"), token,
		      body;
	struct bs_aws_credentials found = {.from = who};
	struct bs_http_place place;
	if (!relative.len && !full.len)
		return bs_fail(err, BS_EMPTY, "no container gives credentials");
	const char *url = bs_arena_printf(ask->arena, "%s%.*s", relative.len ? CONTAINER_HOST : "",
		BS_FMT(relative.len ? relative : full));
	if (!url)
		return bs_fail_nomem(err);
	enum bs_status status = bs_http_place(url, true, &place, err);
	if (status == BS_OK && !may_be_asked(&place))
		status = bs_fail(err, BS_INPUT,
			"AWS_CONTAINER_CREDENTIALS_FULL_URI: %s is neither on this host nor a "
			"service of AWS, and has no https://",
			place.host);
	if (status == BS_OK)
		status = find_authorization(ask, &token, err);
	if (status != BS_OK)
		return status;
	const struct bs_http_header header = {"Authorization", token};
	const struct bs_http_request request = {.method = "GET",
		.url = url,
		.headers = &header,
		.headers_count = token.len ? 1 : 0,
		.allow_plain = true,
		.direct = place.plain};
	status = bs_aws_fetch(ask, who, LOCAL_MS, request, &body, err);
	if (status == BS_OK)
		status = read_json(ask, who, body, &found, err);
	if (status == BS_OK)
		*ret_found = found;
	return status;
}

// --- of an instance

static enum bs_status ask_instance(const struct bs_aws_ask *ask, const char *base, const char *path,
	struct bs_str token, struct bs_str *ret_body, struct bs_err *err)
{
	const char *url = bs_arena_printf(ask->arena, "%s%s", base, path);
	bool first = token.len == 0;
	const struct bs_http_header header = {
		first ? "X-aws-ec2-metadata-token-ttl-seconds" : "X-aws-ec2-metadata-token",
		first ? BS_LIT("60") : token};
	const struct bs_http_request request = {.method = first ? "PUT" : "GET",
		.url = url,
		.headers = &header,
		.headers_count = 1,
		.allow_plain = true,
		.direct = true};
	if (!url)
		return bs_fail_nomem(err);
	return bs_aws_fetch(ask, "the instance's metadata", LOCAL_MS, request, ret_body, err);
}

static enum bs_status find_instance(
	const struct bs_aws_ask *ask, const char **ret_base, struct bs_err *err)
{
	struct bs_str base = bs_aws_variable(ask, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
	struct bs_str mode = bs_aws_variable(ask, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
	if (bs_str_ieq(bs_aws_variable(ask, "AWS_EC2_METADATA_DISABLED"), BS_LIT("true")))
		return bs_fail(err, BS_EMPTY, "the instance's metadata is turned off");
	if (!base.len)
		base = bs_str_ieq(mode, BS_LIT("ipv6")) ? BS_LIT(INSTANCE_HOST_6)
							: BS_LIT(INSTANCE_HOST);
	while (bs_str_ends(base, BS_LIT("/")))
		base.len--;
	*ret_base = bs_arena_cstr(ask->arena, base);
	return *ret_base ? BS_OK : bs_fail_nomem(err);
}

// IMDSv2 only: a token, the role's name, its credentials. All of them together have the time of
// one.
enum bs_status bs_aws_from_instance(
	const struct bs_aws_ask *ask, struct bs_aws_credentials *ret_found, struct bs_err *err)
{
	struct bs_str token = {0}, roles = {0}, body = {0};
	struct bs_aws_credentials found = {0};
	struct bs_aws_ask mine = *ask;
	const char *base = NULL, *path = NULL;
	if (mine.until_ms > bs_clock_ms() + LOCAL_MS)
		mine.until_ms = bs_clock_ms() + LOCAL_MS;
	enum bs_status status = find_instance(ask, &base, err);
	if (status == BS_OK)
		status = ask_instance(&mine, base, "/latest/api/token", bs_str("", 0), &token, err);
	if (status == BS_OK && !token.len)
		status = bs_fail(err, BS_FORMAT, "the instance's metadata: the token is empty");
	if (status == BS_OK)
		status = ask_instance(&mine, base, ROLE_PATH, token, &roles, err);
	if (status != BS_OK)
		return status;
	roles = bs_str_trim(bs_str_sub(roles, 0, bs_str_find_char(roles, '\n')));
	path = bs_arena_printf(ask->arena, ROLE_PATH "%.*s", BS_FMT(roles));
	found.from = bs_arena_printf(ask->arena, "the instance's role %.*s", BS_FMT(roles));
	if (!path || !found.from)
		return bs_fail_nomem(err);
	status = ask_instance(&mine, base, path, token, &body, err);
	if (status == BS_OK)
		status = read_json(ask, found.from, body, &found, err);
	if (status == BS_OK)
		*ret_found = found;
	return status;
}
