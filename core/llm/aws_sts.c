// SPDX-License-Identifier: MIT
// AWS credentials for a web identity: its token, exchanged for those of a role by AWS's STS.
#include <stdio.h>

#include "core/ext/file.h"
#include "core/llm/aws.h"
#include "core/llm/aws_own.h"

#define STS_MS 4000

static void put_encoded(struct bs_str text, struct bs_buf *out)
{
	for (size_t i = 0; i < text.len; i++)
		if (bs_is_alnum(text.ptr[i]) || strchr("-._~", text.ptr[i]))
			bs_buf_add_char(out, text.ptr[i]);
		else
			bs_buf_addf(out, "%%%02X", (unsigned char)text.ptr[i]);
}

// What stands in <name>…</name>; the answer is XML, and these values have nothing escaped in them.
static struct bs_str between(struct bs_str xml, const char *name)
{
	char open[40], close[40];
	(void)snprintf(open, sizeof(open), "<%s>", name);
	(void)snprintf(close, sizeof(close), "</%s>", name);
	size_t at = bs_str_find(xml, bs_str_c(open));
	struct bs_str rest = bs_str_from(xml, at == SIZE_MAX ? xml.len : at + strlen(open));
	return bs_str_sub(rest, 0, bs_str_find(rest, bs_str_c(close)));
}

static enum bs_status find_sts(
	const struct bs_aws_ask *ask, const char **ret_url, struct bs_err *err)
{
	struct bs_str own = bs_aws_variable(ask, "AWS_ENDPOINT_URL_STS");
	struct bs_str ignore = bs_aws_variable(ask, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
	struct bs_str region = bs_aws_variable(ask, "AWS_REGION");
	if (!own.len)
		own = bs_aws_variable(ask, "AWS_ENDPOINT_URL");
	if (!region.len)
		region = bs_aws_variable(ask, "AWS_DEFAULT_REGION");
	if (!region.len)
		region = BS_LIT("us-east-1");
	for (size_t i = 0; i < region.len; i++)
		if (!bs_is_alnum(region.ptr[i]) && region.ptr[i] != '-')
			return bs_fail(err, BS_INPUT, "the region is no part of a host's name");
	if (own.len && !bs_str_ieq(ignore, BS_LIT("true")))
		*ret_url = bs_arena_printf(ask->arena, "%.*s%s", BS_FMT(own),
			bs_str_ends(own, BS_LIT("/")) ? "" : "/");
	else
		*ret_url = bs_arena_printf(
			ask->arena, "https://sts.%.*s.%s/", BS_FMT(region), bs_aws_domain(region));
	return *ret_url ? BS_OK : bs_fail_nomem(err);
}

enum bs_status bs_aws_from_web_identity(
	const struct bs_aws_ask *ask, struct bs_aws_credentials *ret_found, struct bs_err *err)
{
	static const char who[] = "the role of the web identity";
	const char *path = bs_env_get(ask->environ, "AWS_WEB_IDENTITY_TOKEN_FILE"), *url = NULL;
	struct bs_str role = bs_aws_variable(ask, "AWS_ROLE_ARN"), token, body;
	struct bs_str session = bs_aws_variable(ask, "AWS_ROLE_SESSION_NAME");
	struct bs_buf form;
	if (!path || !*path || !role.len)
		return bs_fail(err, BS_EMPTY, "there is no web identity");
	enum bs_status status = find_sts(ask, &url, err);
	if (status == BS_OK)
		status = bs_file_load(path, BS_AWS_TOKEN_BYTES_MAX, ask->arena, &token, err);
	if (status != BS_OK)
		return status;
	bs_buf_init(&form, 4 * BS_AWS_TOKEN_BYTES_MAX);
	bs_buf_add_c(&form, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=");
	put_encoded(role, &form);
	bs_buf_add_c(&form, "&RoleSessionName=");
	put_encoded(session.len ? session : BS_LIT("buildsum"), &form);
	bs_buf_add_c(&form, "&WebIdentityToken=");
	put_encoded(bs_str_trim(token), &form);
	status = bs_buf_status(&form, who, err);
	const struct bs_http_header header = {
		"Content-Type", BS_LIT("application/x-www-form-urlencoded")};
	const struct bs_http_request request = {.method = "POST",
		.url = url,
		.headers = &header,
		.headers_count = 1,
		.body = bs_buf_str(&form)};
	if (status == BS_OK)
		status = bs_aws_fetch(ask, who, STS_MS, request, &body, err);
	bs_buf_wipe(&form);
	if (status != BS_OK)
		return status;
	const struct bs_aws_credentials found = {.id = between(body, "AccessKeyId"),
		.secret = between(body, "SecretAccessKey"),
		.token = between(body, "SessionToken"),
		.from = who};
	status = bs_aws_check(&found, who, between(body, "Expiration"), err);
	if (status == BS_OK)
		*ret_found = found;
	return status;
}
