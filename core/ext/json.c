// SPDX-License-Identifier: MIT
// The only room that knows cJSON: a tree behind a strict check, and getters that accept anything.
#include "core/ext/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdlib.h>

#include "core/ext/json_scan.h"

static const cJSON *tree(const struct bs_json *json)
{
	return (const cJSON *)(const void *)json;
}

static const struct bs_json *handle(const cJSON *item)
{
	return (const struct bs_json *)(const void *)item;
}

// --- repeated names: sorted, they stand side by side; linear search would be quadratic

struct member {
	const char *name;
	size_t number; // of the name in the text, from 1
};

static int by_name(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : (x->number > y->number) - (x->number < y->number);
}

// Walks in the order of the text, so that *names_seen numbers the names as the scan does.
// *ret_repeated is the number of a repeated name, 0 when there is none. Depth: BS_JSON_DEPTH_MAX.
static enum bs_status find_repeated(const cJSON *item, size_t *names_seen, size_t *ret_repeated)
{
	enum bs_status status = BS_OK;
	bool named = cJSON_IsObject(item);
	size_t count = 0;
	for (const cJSON *child = item->child; child; child = child->next)
		count++;
	struct member *members = named && count ? malloc(count * sizeof(*members)) : NULL;
	if (named && count && !members)
		return BS_NOMEM;
	size_t i = 0;
	for (const cJSON *child = item->child; child && !*ret_repeated; child = child->next) {
		if (named)
			members[i++] = (struct member){child->string, ++*names_seen};
		if (child->child)
			status = find_repeated(child, names_seen, ret_repeated);
		if (status != BS_OK)
			goto out;
	}
	if (members && !*ret_repeated) {
		qsort(members, count, sizeof(*members), by_name);
		for (i = 1; i < count && !*ret_repeated; i++)
			if (strcmp(members[i - 1].name, members[i].name) == 0)
				*ret_repeated = members[i].number;
	}
out:
	free(members);
	return status;
}

static enum bs_status refuse_repeated(const cJSON *root, struct bs_str text, struct bs_err *err)
{
	size_t names_seen = 0, repeated = 0;
	if (find_repeated(root, &names_seen, &repeated) != BS_OK)
		return bs_fail_nomem(err);
	if (!repeated)
		return BS_OK;
	return bs_fail(err, BS_FORMAT, "JSON: byte %zu: the name stands twice in one object",
		bs_json_scan_name(text, repeated));
}

enum bs_status bs_json_parse(struct bs_str text, struct bs_json **ret_json, struct bs_err *err)
{
	cJSON *root = NULL;
	char *copy = NULL;
	enum bs_status status = bs_json_scan(text, err);
	if (status != BS_OK)
		return status;

	// A NUL-terminated copy: cJSON before 1.7.18 may read past the end of anything else.
	copy = malloc(text.len + 1);
	if (!copy)
		return bs_fail_nomem(err);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	root = cJSON_ParseWithLengthOpts(copy, text.len + 1, NULL, 1);
	// After the scan only memory can be missing.
	status = root ? refuse_repeated(root, text, err) : bs_fail_nomem(err);
	if (status != BS_OK)
		goto out;
	*ret_json = (struct bs_json *)(void *)root;
	root = NULL;
out:
	cJSON_Delete(root);
	free(copy);
	return status;
}

void bs_json_free(struct bs_json *json)
{
	cJSON_Delete((cJSON *)(void *)json);
}

enum bs_json_type bs_json_type(const struct bs_json *json)
{
	const cJSON *item = tree(json);
	if (cJSON_IsObject(item))
		return BS_JSON_OBJECT;
	if (cJSON_IsArray(item))
		return BS_JSON_ARRAY;
	if (cJSON_IsString(item))
		return BS_JSON_STRING;
	if (cJSON_IsNumber(item))
		return BS_JSON_NUMBER;
	return cJSON_IsBool(item) ? BS_JSON_BOOL : BS_JSON_NULL;
}

const char *bs_json_type_name(enum bs_json_type type)
{
	static const char *const names[] = {
		[BS_JSON_NULL] = "null",
		[BS_JSON_BOOL] = "boolean",
		[BS_JSON_NUMBER] = "number",
		[BS_JSON_STRING] = "string",
		[BS_JSON_ARRAY] = "array",
		[BS_JSON_OBJECT] = "object",
	};
	assert(type <= BS_JSON_OBJECT);
	return names[type];
}

const struct bs_json *bs_json_get(const struct bs_json *object, const char *key)
{
	if (!cJSON_IsObject(tree(object)))
		return NULL;
	return handle(cJSON_GetObjectItemCaseSensitive(tree(object), key));
}

const struct bs_json *bs_json_at(const struct bs_json *array, size_t index)
{
	if (!cJSON_IsArray(tree(array)))
		return NULL;
	const struct bs_json *child = bs_json_first(array);
	while (child && index-- > 0)
		child = bs_json_next(child);
	return child;
}

size_t bs_json_count(const struct bs_json *json)
{
	size_t count = 0;
	for (const struct bs_json *child = bs_json_first(json); child; child = bs_json_next(child))
		count++;
	return count;
}

const struct bs_json *bs_json_first(const struct bs_json *json)
{
	return json ? handle(tree(json)->child) : NULL;
}

const struct bs_json *bs_json_next(const struct bs_json *child)
{
	return child ? handle(tree(child)->next) : NULL;
}

struct bs_str bs_json_key(const struct bs_json *member)
{
	return bs_str_c(member ? tree(member)->string : NULL);
}

bool bs_json_is_null(const struct bs_json *json)
{
	return !json || cJSON_IsNull(tree(json));
}

struct bs_str bs_json_text(const struct bs_json *json)
{
	return bs_str_c(cJSON_GetStringValue(tree(json)));
}

bool bs_json_number(const struct bs_json *json, double *ret_number)
{
	if (!cJSON_IsNumber(tree(json)))
		return false;
	*ret_number = tree(json)->valuedouble;
	return true;
}

bool bs_json_u64(const struct bs_json *json, uint64_t *ret_number)
{
	const double exact_max = 9007199254740992.0; // 2^53: above it neighbours look the same
	double number;
	if (!bs_json_number(json, &number) || number < 0 || number > exact_max)
		return false;
	uint64_t whole = (uint64_t)number;
	if ((double)whole < number)
		return false;
	*ret_number = whole;
	return true;
}

bool bs_json_bool(const struct bs_json *json, bool *ret_value)
{
	if (!cJSON_IsBool(tree(json)))
		return false;
	*ret_value = cJSON_IsTrue(tree(json));
	return true;
}

const char *bs_json_version(void)
{
	return cJSON_Version();
}
