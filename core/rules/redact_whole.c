// SPDX-License-Identifier: MIT
// The lengths of tokens as their issuers publish them, and the looks of words that begin a line.
#include "core/rules/redact_whole.h"

#define HEADER_BYTES_MAX 512 // of a JWT
#define LETTERS_MIN 4        // of a word: fewer may be the end of any token

// The body is what follows the prefix, or the last of as many joints.
struct form {
	const char *prefix;
	size_t body_bytes;
	char joint;
	size_t joints;
};

static const struct form forms[] = {
	{"ghp_", 36, 0, 0},
	{"gho_", 36, 0, 0},
	{"ghu_", 36, 0, 0},
	{"ghs_", 36, 0, 0},
	{"ghr_", 76, 0, 0},
	{"github_pat_", 82, 0, 0},
	{"npm_", 36, 0, 0},
	{"glrt-t1_", 20, 0, 0},
	{"glrt-t2_", 20, 0, 0},
	{"glrt-t3_", 20, 0, 0},
	{"glpat-", 20, 0, 0},
	{"gldt-", 20, 0, 0},
	{"glrt-", 20, 0, 0},
	{"glft-", 20, 0, 0},
	{"glsoat-", 20, 0, 0},
	{"glimt-", 25, 0, 0},
	{"glptt-", 40, 0, 0},
	{"glagent-", 50, 0, 0},
	{"gloas-", 64, 0, 0},
	{"dckr_pat_", 27, 0, 0},
	{"dckr_oat_", 32, 0, 0},
	{"gsk_", 52, 0, 0},
	{"pplx-", 48, 0, 0},
	{"lin_api_", 40, 0, 0},
	{"GOCSPX-", 28, 0, 0},
	{"CFPAT-", 43, 0, 0},
	{"nfp_", 36, 0, 0},
	{"squ_", 40, 0, 0},
	{"sqp_", 40, 0, 0},
	{"sqa_", 40, 0, 0},
	{"bkua_", 40, 0, 0},
	{"NRAK-", 27, 0, 0},
	{"AKIA", 16, 0, 0},
	{"ASIA", 16, 0, 0},
	{"ABIA", 16, 0, 0},
	{"ACCA", 16, 0, 0},
	{"AIza", 35, 0, 0},
	{"xapp-", 64, '-', 3},
	{"xoxb-", 24, '-', 2},
	{"SG.", 43, '.', 1},
};

// --- JWT (RFC 7519): the signature's length follows from the algorithm (RFC 7518)

static const struct {
	const char *algorithm;
	size_t bytes[3]; // in base64url; RSA's by the usual lengths of keys
} signatures[] = {
	{"\"HS256\"", {43, 0, 0}},
	{"\"HS384\"", {64, 0, 0}},
	{"\"HS512\"", {86, 0, 0}},
	{"\"ES256\"", {86, 0, 0}},
	{"\"ES256K\"", {86, 0, 0}},
	{"\"EdDSA\"", {86, 0, 0}},
	{"\"ES384\"", {128, 0, 0}},
	{"\"ES512\"", {176, 0, 0}},
	{"\"RS", {342, 512, 683}},
	{"\"PS", {342, 512, 683}},
};

static struct bs_str decode(struct bs_str text, char bytes[HEADER_BYTES_MAX])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	unsigned held = 0, bits = 0;
	size_t len = 0;
	for (size_t i = 0; i < text.len && len < HEADER_BYTES_MAX; i++) {
		const char *digit = memchr(digits, text.ptr[i], sizeof(digits) - 1);
		if (!digit)
			break;
		held = (held << 6 | (unsigned)(digit - digits)) & 0xfffu;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[len++] = (char)(held >> bits & 0xffu);
		}
	}
	return bs_str(bytes, len);
}

static size_t missing_of_jwt(struct bs_str token)
{
	char bytes[HEADER_BYTES_MAX];
	size_t first = bs_str_find_char(token, '.');
	if (first == SIZE_MAX)
		return BS_WHOLE_UNKNOWN;
	struct bs_str rest = bs_str_from(token, first + 1);
	size_t second = bs_str_find_char(rest, '.');
	if (second == SIZE_MAX)
		return BS_WHOLE_UNKNOWN;
	struct bs_str signature = bs_str_from(rest, second + 1);
	struct bs_str header = decode(bs_str_sub(token, 0, first), bytes);
	if (bs_str_find_char(signature, '.') != SIZE_MAX) // encrypted
		return BS_WHOLE_UNKNOWN;
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		if (!bs_str_has(header, bs_str_c(signatures[i].algorithm)))
			continue;
		const size_t *lengths = signatures[i].bytes;
		for (size_t k = 0; k < 3 && lengths[k] > 0; k++) {
			if (signature.len == lengths[k])
				return 0;
		}
		return lengths[1] == 0 && signature.len < lengths[0] ? lengths[0] - signature.len
								     : BS_WHOLE_UNKNOWN;
	}
	return BS_WHOLE_UNKNOWN;
}

// --- all others

// A routable token of GitLab's is longer and ends in '.' and nine digits or letters.
static bool ends_routable(struct bs_str rest)
{
	size_t dot = rest.len > 9 ? rest.len - 10 : 0;
	if (rest.len < 10 || rest.ptr[dot] != '.')
		return false;
	for (size_t i = dot + 1; i < rest.len; i++) {
		if (!bs_is_digit(rest.ptr[i]) && !(rest.ptr[i] >= 'a' && rest.ptr[i] <= 'z'))
			return false;
	}
	return true;
}

size_t bs_whole_missing(struct bs_str token, struct bs_str rest)
{
	if (bs_str_starts(token, BS_LIT("eyJ")))
		return missing_of_jwt(token);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct form *form = &forms[i];
		struct bs_str prefix = bs_str_c(form->prefix);
		if (!bs_str_starts(token, prefix))
			continue;
		struct bs_str body = bs_str_from(token, prefix.len);
		size_t joints = 0;
		for (size_t at; joints < form->joints; joints++) {
			if ((at = bs_str_find_char(body, form->joint)) == SIZE_MAX)
				return BS_WHOLE_UNKNOWN;
			body = bs_str_from(body, at + 1);
		}
		if (body.len > form->body_bytes)
			return BS_WHOLE_UNKNOWN;
		if (bs_str_starts(token, BS_LIT("gl")) && ends_routable(rest))
			return BS_WHOLE_UNKNOWN;
		return form->body_bytes - body.len;
	}
	return BS_WHOLE_UNKNOWN;
}

size_t bs_whole_run(struct bs_str text)
{
	size_t run = 0;
	while (run < text.len &&
		(bs_is_alnum(text.ptr[run]) || text.ptr[run] == '_' || text.ptr[run] == '-'))
		run++;
	return run;
}

bool bs_whole_is_width(size_t bytes)
{
	static const size_t widths[] = {64, 72, 76, 78, 79, 80, 99, 100, 110, 119, 120, 128, 131,
		132, 140, 150, 159, 160, 180, 199, 200, 220, 240, 250, 256, 300, 320, 400};
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		if (widths[i] == bytes)
			return true;
	}
	return false;
}

// --- words

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

// What the words of a line's beginning are made of.
struct words {
	size_t letters, vowels, humps, joints;
	bool capitals; // nothing else
	bool shouts;   // some of it in capitals
};

// One part: Humps, of at least three letters each, or CAPITALS, and perhaps a number. Returns its
// end; SIZE_MAX when no program or person would name something so.
static size_t walk_part(struct bs_str text, size_t at, struct words *words)
{
	size_t digits = 0;
	while (at < text.len && bs_is_alpha(text.ptr[at])) {
		size_t from = at;
		while (at < text.len && is_upper(text.ptr[at]))
			at++;
		size_t capitals = at - from, low = at;
		while (at < text.len && is_lower(text.ptr[at]))
			at++;
		bool ends = at == text.len || !bs_is_alpha(text.ptr[at]);
		size_t small = at - low;
		if (small == 1 && (capitals > 0 || !ends))
			return SIZE_MAX;
		if (small == 0 && capitals < 2)
			return SIZE_MAX;
		words->capitals = words->capitals && small == 0;
		words->shouts = words->shouts || capitals > 1;
		words->humps++;
		words->letters += at - from;
		for (size_t i = from; i < at; i++)
			words->vowels += strchr("aeiouy", bs_lower(text.ptr[i])) != NULL;
	}
	for (; at < text.len && bs_is_digit(text.ptr[at]); at++)
		digits++;
	return digits > 3 || (at < text.len && bs_is_alnum(text.ptr[at])) ? SIZE_MAX : at;
}

static bool is_date(struct bs_str text)
{
	static const char form[] = "0000-00-00";
	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		if (i >= text.len ||
			(form[i] == '0' ? !bs_is_digit(text.ptr[i]) : text.ptr[i] != '-'))
			return false;
	}
	return true;
}

bool bs_whole_is_word(struct bs_str text, bool without_sign)
{
	struct words words = {.capitals = true};
	size_t at = 0;
	if (is_date(text))
		return true;
	while ((at = walk_part(text, at, &words)) < text.len && strchr("./_-", text.ptr[at])) {
		words.joints += text.ptr[at] == '/' || text.ptr[at] == '.';
		at++;
	}
	if (at == SIZE_MAX || words.letters < LETTERS_MIN || words.vowels * 6 < words.letters)
		return false;
	bool natural = words.joints > 0 || (words.capitals && words.humps == 1) ||
		       (!words.shouts && words.letters >= words.humps * 4);
	if (without_sign)
		return natural;
	if (at == text.len)
		return false;
	if (bs_is_space(text.ptr[at]))
		return natural && (words.joints > 0 || words.humps > 1 || words.capitals);
	return strchr(":([,;=", text.ptr[at]) != NULL;
}
