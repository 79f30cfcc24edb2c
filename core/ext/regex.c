// SPDX-License-Identifier: MIT
// PCRE2: compiles under limits, matches with JIT where there is one, reports every error as such.
#include "core/ext/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>

#define JIT_STACK_FIRST_BYTES (32 * 1024)

// The JIT compiler takes as long as the interpreter for some texts: the more, the longer the
// pattern. A text counts once more for so many places where a match may begin, and for so many
// bytes; one at which the interpreter has to go back so often at a place is left to the JIT at
// once.
#define JIT_AFTER 8
#define JIT_AFTER_PATTERN_BYTES 16
#define STARTS_EACH 32
#define BYTES_EACH 512
#define TRIAL_MATCH_LIMIT 200

// Two programs, because the JIT of PCRE2 10.42 lets \S, \D and \W match no character beyond ASCII
// when it was told to expect invalid UTF-8 (the interpreter does not): nearly all text is valid and
// meets the first, the rest meets the second, which is interpreted.
struct bs_regex {
	pcre2_code *code;     // for valid UTF-8, by JIT where there is one
	pcre2_code *tolerant; // for bytes; made when first needed
	struct bs_str pattern;
	unsigned flags;
	pcre2_match_data *data;
	pcre2_match_context *context;
	size_t effort;          // of the interpreter so far, up to when the JIT is due
	pcre2_jit_stack *stack; // made when the default of 32 KiB was too small once
};

// Newline is '\n' whatever the library was built with.
static enum bs_status compile(struct bs_str pattern, unsigned flags, uint32_t options,
	pcre2_code **ret_code, struct bs_err *err)
{
	options |= PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
	if (flags & BS_REGEX_CASELESS)
		options |= PCRE2_CASELESS;
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);
	if (!context)
		return bs_fail_nomem(err);
	(void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	(void)pcre2_set_max_pattern_length(context, BS_PATTERN_BYTES_MAX);
	(void)pcre2_set_parens_nest_limit(context, BS_REGEX_PARENS_MAX);

	int code = 0;
	PCRE2_SIZE offset = 0;
	*ret_code = pcre2_compile(
		(PCRE2_SPTR)pattern.ptr, pattern.len, options, &code, &offset, context);
	pcre2_compile_context_free(context);
	if (*ret_code)
		return BS_OK;
	if (code == PCRE2_ERROR_HEAP_FAILED)
		return bs_fail_nomem(err);
	char words[160] = "cannot be compiled";
	(void)pcre2_get_error_message(code, (PCRE2_UCHAR *)words, sizeof(words));
	return bs_fail(err, BS_FORMAT, "pattern, offset %zu: %s", offset, words);
}

// What PCRE2 accepts and we do not.
static enum bs_status refuse(
	const struct bs_regex *regex, struct bs_str pattern, struct bs_err *err)
{
	uint32_t empty = 0, groups = 0;
	(void)pcre2_pattern_info(regex->code, PCRE2_INFO_MATCHEMPTY, &empty);
	(void)pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (empty)
		return bs_fail(err, BS_FORMAT, "pattern: matches the empty string: %.*s",
			BS_FMT(bs_str_clip_utf8(pattern, 80)));
	if (groups > BS_REGEX_GROUPS_MAX)
		return bs_fail(err, BS_FORMAT,
			"pattern: %u groups, at most %d are allowed (use (?:...))", groups,
			BS_REGEX_GROUPS_MAX);
	return BS_OK;
}

// Takes over what was made of the pattern elsewhere; NULL when there is nothing or PCRE2 refuses
// it.
static pcre2_code *take_over(const struct bs_regex_made *made)
{
	pcre2_code *code = NULL;
	char *bytes = made && made->rest.ptr ? malloc(made->lead.len + made->rest.len) : NULL;
	if (!bytes)
		return NULL;
	memcpy(bytes, made->lead.ptr, made->lead.len);
	memcpy(bytes + made->lead.len, made->rest.ptr, made->rest.len);
	if (pcre2_serialize_decode(&code, 1, (const uint8_t *)bytes, NULL) != 1)
		code = NULL;
	free(bytes);
	return code;
}

enum bs_status bs_regex_new(
	struct bs_str pattern, unsigned flags, struct bs_regex **ret_regex, struct bs_err *err)
{
	return bs_regex_new_made(pattern, flags, NULL, ret_regex, err);
}

enum bs_status bs_regex_new_made(struct bs_str pattern, unsigned flags,
	const struct bs_regex_made *made, struct bs_regex **ret_regex, struct bs_err *err)
{
	if (pattern.len == 0)
		return bs_fail(err, BS_FORMAT, "pattern: empty");
	if (pattern.len > BS_PATTERN_BYTES_MAX)
		return bs_fail(err, BS_FORMAT, "pattern: %zu bytes, at most %d are allowed",
			pattern.len, BS_PATTERN_BYTES_MAX);
	// (*NO_JIT), (*LIMIT_MATCH=…), (*UTF) …: settings that are ours to make
	if (bs_str_starts(pattern, BS_LIT("(*")))
		return bs_fail(
			err, BS_FORMAT, "pattern, offset 0: may not begin with a verb (*...)");

	enum bs_status status = BS_OK;
	struct bs_regex *regex = calloc(1, sizeof(*regex) + pattern.len); // the pattern behind it
	if (!regex)
		return bs_fail_nomem(err);
	memcpy(regex + 1, pattern.ptr, pattern.len);
	regex->pattern = bs_str((const char *)(regex + 1), pattern.len);
	regex->flags = flags;
	regex->code = take_over(made);
	if (!regex->code)
		status = compile(pattern, flags, 0, &regex->code, err);
	if (status != BS_OK)
		goto out;
	status = refuse(regex, pattern, err);
	if (status != BS_OK)
		goto out;
	regex->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
	regex->context = pcre2_match_context_create(NULL);
	if (!regex->data || !regex->context) {
		status = bs_fail_nomem(err);
		goto out;
	}
	(void)pcre2_set_match_limit(regex->context, BS_REGEX_MATCH_LIMIT);
	(void)pcre2_set_depth_limit(regex->context, BS_REGEX_DEPTH_LIMIT);
	(void)pcre2_set_heap_limit(regex->context, BS_REGEX_HEAP_KIB_MAX);
	*ret_regex = regex;
	regex = NULL;
out:
	bs_regex_free(regex);
	return status;
}

void bs_regex_free(struct bs_regex *regex)
{
	if (!regex)
		return;
	pcre2_match_context_free(regex->context);
	pcre2_match_data_free(regex->data);
	pcre2_jit_stack_free(regex->stack);
	pcre2_code_free(regex->tolerant);
	pcre2_code_free(regex->code);
	free(regex);
}

enum bs_status bs_regex_make(const struct bs_regex *regex, struct bs_arena *arena,
	struct bs_str *ret_bytes, struct bs_err *err)
{
	uint8_t *bytes = NULL;
	PCRE2_SIZE count = 0;
	const pcre2_code *code = regex->code;
	if (pcre2_serialize_encode(&code, 1, &bytes, &count, NULL) != 1)
		return bs_fail_nomem(err);
	*ret_bytes = bs_arena_str(arena, bs_str((const char *)bytes, count));
	pcre2_serialize_free(bytes);
	return ret_bytes->ptr ? BS_OK : bs_fail_nomem(err);
}

// A stack for the JIT in place of its 32 KiB on ours; false when there is one already.
static bool grow_stack(struct bs_regex *regex)
{
	if (regex->stack)
		return false;
	regex->stack = pcre2_jit_stack_create(
		JIT_STACK_FIRST_BYTES, BS_REGEX_JIT_STACK_BYTES, NULL);
	if (!regex->stack)
		return false;
	pcre2_jit_stack_assign(regex->context, NULL, regex->stack);
	return true;
}

// Whether text may be searched as valid UTF-8 from here on: eight bytes of ASCII at a time.
static bool is_valid(struct bs_str text, size_t from)
{
	size_t i = 0;
	uint64_t word;
	for (; i + sizeof(word) <= text.len; i += sizeof(word)) {
		memcpy(&word, text.ptr + i, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
	}
	bool inside = from < text.len && ((unsigned char)text.ptr[from] & 0xC0) == 0x80;
	return !inside && bs_str_is_utf8(bs_str_from(text, i));
}

// The code for this text, NULL when memory is out.
static const pcre2_code *code_for(struct bs_regex *regex, bool valid)
{
	if (valid)
		return regex->code;
	if (!regex->tolerant && compile(regex->pattern, regex->flags, PCRE2_MATCH_INVALID_UTF,
					&regex->tolerant, NULL) != BS_OK)
		return NULL;
	return regex->tolerant;
}

static size_t effort_max(const struct bs_regex *regex)
{
	return JIT_AFTER + regex->pattern.len / JIT_AFTER_PATTERN_BYTES;
}

// What a text costs the interpreter.
static size_t effort_of(struct bs_str text, struct bs_span starts)
{
	size_t to = starts.to < text.len ? starts.to : text.len;
	size_t places = to > starts.from ? to - starts.from : 0;
	return 1 + places / STARTS_EACH + text.len / BYTES_EACH;
}

static bool is_limit(int rc)
{
	return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT ||
	       rc == PCRE2_ERROR_HEAPLIMIT;
}

enum bs_match bs_regex_find(struct bs_regex *regex, struct bs_str text, size_t from,
	struct bs_span *spans, size_t spans_max)
{
	return bs_regex_find_from(
		regex, text, (struct bs_span){from, PCRE2_UNSET}, false, spans, spans_max);
}

enum bs_match bs_regex_find_from(struct bs_regex *regex, struct bs_str text, struct bs_span starts,
	bool is_ascii, struct bs_span *spans, size_t spans_max)
{
	size_t from = starts.from;
	if (from > text.len)
		return BS_MATCH_NO;
	(void)pcre2_set_offset_limit(regex->context, starts.to);
	bool valid = is_ascii || is_valid(text, from);
	const pcre2_code *code = code_for(regex, valid);
	if (!code)
		return BS_MATCH_ERROR;
	// A verb such as (*ACCEPT) can end a match at once: empty ones are never reported.
	uint32_t options = PCRE2_NOTEMPTY | (valid ? PCRE2_NO_UTF_CHECK : 0);
	PCRE2_SPTR subject = (PCRE2_SPTR)(text.ptr ? text.ptr : "");
	int rc = PCRE2_ERROR_MATCHLIMIT;
	if (regex->effort < effort_max(regex)) {
		regex->effort += effort_of(text, starts);
		(void)pcre2_set_match_limit(regex->context, TRIAL_MATCH_LIMIT);
		rc = pcre2_match(
			code, subject, text.len, from, options, regex->data, regex->context);
		(void)pcre2_set_match_limit(regex->context, BS_REGEX_MATCH_LIMIT);
		if (is_limit(rc))
			regex->effort = effort_max(regex);
		if (regex->effort >= effort_max(regex)) // Refused under W^X: then there is none.
			(void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
	}
	if (is_limit(rc))
		rc = pcre2_match(
			code, subject, text.len, from, options, regex->data, regex->context);
	if (rc == PCRE2_ERROR_JIT_STACKLIMIT && grow_stack(regex))
		rc = pcre2_match(
			code, subject, text.len, from, options, regex->data, regex->context);
	if (rc == PCRE2_ERROR_NOMATCH)
		return BS_MATCH_NO;
	if (rc < 0)
		return BS_MATCH_ERROR;

	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(regex->data);
	size_t groups = pcre2_get_ovector_count(regex->data);
	for (size_t i = 0; i < spans_max && spans; i++) {
		bool there = i < groups && offsets[2 * i] != PCRE2_UNSET;
		spans[i] = there ? (struct bs_span){offsets[2 * i], offsets[2 * i + 1]}
				 : (struct bs_span){SIZE_MAX, SIZE_MAX};
	}
	return BS_MATCH_YES;
}

bool bs_regex_first_bytes(const struct bs_regex *regex, unsigned char ret_set[BS_REGEX_BYTE_SET])
{
	uint32_t type = 0, byte = 0;
	const uint8_t *bitmap = NULL;
	(void)pcre2_pattern_info(regex->code, PCRE2_INFO_FIRSTCODETYPE, &type);
	(void)pcre2_pattern_info(regex->code, PCRE2_INFO_FIRSTCODEUNIT, &byte);
	(void)pcre2_pattern_info(regex->code, PCRE2_INFO_FIRSTBITMAP, &bitmap);
	if (regex->flags & BS_REGEX_CASELESS || (type != 1 && !bitmap))
		return false;
	if (bitmap) {
		memcpy(ret_set, bitmap, BS_REGEX_BYTE_SET);
		return true;
	}
	memset(ret_set, 0, BS_REGEX_BYTE_SET);
	ret_set[byte / 8] = (unsigned char)(1u << (byte % 8));
	return true;
}

size_t bs_regex_group(const struct bs_regex *regex, const char *name)
{
	int number = pcre2_substring_number_from_name(regex->code, (PCRE2_SPTR)name);
	return number > 0 ? (size_t)number : 0;
}

const char *bs_regex_version(char *text, size_t bytes)
{
	char version[64] = "unknown";
	uint32_t jit = 0;
	if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) <= (int)sizeof(version))
		(void)pcre2_config(PCRE2_CONFIG_VERSION, version);
	(void)pcre2_config(PCRE2_CONFIG_JIT, &jit);
	version[strcspn(version, " ")] = '\0'; // "10.42 2022-12-11"
	(void)snprintf(text, bytes, "%s%s", version, jit ? ", JIT" : ", no JIT");
	return text;
}
