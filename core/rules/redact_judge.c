// SPDX-License-Identifier: MIT
// What makes a value look like a secret: counts of its letters, not its meaning.
#include "core/rules/redact_judge.h"

#include "core/rules/redact_marks.h"

// The shape of a value, counted once.
struct shape {
	size_t digits, lower, upper, marks; // marks: neither letter, digit nor one of "-_./: "
	size_t joints;                      // "-_./: "
	size_t changes;                     // from one kind of character to another
	size_t different;                   // different bytes
	size_t run;                         // longest run of one byte, letters without case
	size_t stairs;                      // longest run of neighbours in the alphabet: abcdef
	bool hex;                           // digits and a-f only
};

static unsigned kind_of(char c)
{
	return bs_is_digit(c) ? 0 : c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : 3;
}

static struct shape measure(struct bs_str value)
{
	struct shape shape = {.hex = value.len > 0};
	bool seen[256] = {false};
	size_t run = 0, stairs = 0;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i], before = i > 0 ? value.ptr[i - 1] : '\0';
		unsigned kind = kind_of(c);
		shape.digits += kind == 0;
		shape.lower += kind == 1;
		shape.upper += kind == 2;
		if (kind == 3 && c != '\0' && strchr("-_./: ", c))
			shape.joints++;
		else if (kind == 3)
			shape.marks++;
		shape.changes += i > 0 && kind != kind_of(before);
		shape.different += !seen[(unsigned char)c];
		seen[(unsigned char)c] = true;
		run = i > 0 && bs_lower(c) == bs_lower(before) ? run + 1 : 1;
		stairs = i > 0 && bs_lower(c) == bs_lower(before) + 1 ? stairs + 1 : 1;
		shape.run = run > shape.run ? run : shape.run;
		shape.stairs = stairs > shape.stairs ? stairs : shape.stairs;
		shape.hex = shape.hex && (kind == 0 || (c >= 'a' && c <= 'f'));
	}
	return shape;
}

// --- placeholders

static const char *const no_values[] = {"null", "none", "nil", "undefined", "true", "false",
	"empty", "unset", "required", "missing", "invalid", "incorrect", "expired", "denied",
	"failed", "wrong", "unknown", "hidden", "redacted", "masked", "optional", "disabled",
	"enabled", "default", "provided", "protected", "unchanged", "accepted", "rejected",
	"string", "stdin", "prompt", "changeme", "password", "passwd", "secret",
	"username:password", "sensitive", "encrypted", "undefined", "number", "object", "boolean",
	"anonymous", "placeholder", "passed", "example", "test", "pass", "token", "generated",
	"configured", "unauthorized", "forbidden", "verified", "function", "omitted"};

// Where a program or a template would put the value in.
static const char *const references[] = {"$(", "${", "{{", "<%", "#{", "var.", "local.", "data.",
	"secrets.", "env.", "process.env", "os.environ", "os.getenv", "getenv(", "System.getenv",
	"ENV[", "op://", "vault:", "arn:", "!Ref", "!vault", "file://", "@/", "self.", "this.",
	"args.", "config.", "settings.", "params.", "module.", "ref+", "sm://", "ENC[", "ENC(",
	"{cipher}", "awssm:"};

static bool is_reference(struct bs_str value)
{
	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		if (bs_str_starts(value, bs_str_c(references[i])))
			return true;
	}
	// $X and $x_y, but not $2b$10$…: hashes of crypt(3)
	if (value.len > 1 && value.ptr[0] == '$' &&
		(bs_is_alpha(value.ptr[1]) || value.ptr[1] == '_'))
		return bs_str_find_char(bs_str_from(value, 1), '$') == SIZE_MAX;
	if (value.len > 1 && value.ptr[0] == '$')
		return value.len <= 2;
	// <user:password>, {SumoAccessKey}, {base64(...)}, markup
	if (value.len > 1 && strchr("<{", value.ptr[0]) && bs_is_alpha(value.ptr[1]))
		return value.ptr[0] == '<' || measure(value).digits == 0 ||
		       bs_str_find_char(value, '(') != SIZE_MAX;
	return value.len > 2 && value.ptr[0] == '%' && value.ptr[value.len - 1] == '%';
}

// <token>, [PASSWORD], (sensitive value), {token}: words in brackets.
static bool is_bracketed(struct bs_str value)
{
	static const char pairs[] = "<>[](){}";
	const char *open = value.len > 2 ? strchr(pairs, value.ptr[0]) : NULL;
	if (!open || *open == '\0' || (open - pairs) % 2 != 0)
		return false;
	if (value.ptr[value.len - 1] != open[1])
		return false;
	struct shape shape = measure(value);
	return shape.digits == 0 || *open == '<';
}

// GITHUB_TOKEN: the name of a variable stands for its value.
static bool is_variable(struct bs_str value)
{
	size_t joints = 0;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		joints += c == '_';
		if (!(c >= 'A' && c <= 'Z') && c != '_' && !(bs_is_digit(c) && i + 1 == value.len))
			return false;
	}
	return joints > 0 && value.ptr[0] != '_' && value.ptr[value.len - 1] != '_';
}

// /builds/worker, C:\Users, ./x, ~/x. Base64 may begin with '/', but not like a directory.
static bool is_path(struct bs_str value)
{
	if (value.len > 3 && bs_is_alpha(value.ptr[0]) && value.ptr[1] == ':' &&
		(value.ptr[2] == '\\' || value.ptr[2] == '/'))
		return true;
	if (bs_str_starts(value, BS_LIT("./")) || bs_str_starts(value, BS_LIT("~/")) ||
		bs_str_starts(value, BS_LIT("../")))
		return true;
	size_t i = 1;
	while (i < value.len &&
		((value.ptr[i] >= 'a' && value.ptr[i] <= 'z') || value.ptr[i] == '_'))
		i++;
	return value.ptr[0] == '/' && i >= 3 && i < value.len && value.ptr[i] == '/';
}

bool bs_judge_placeholder(struct bs_str value)
{
	value = bs_str_trim(value);
	if (value.len == 0 || bs_marks_placeholder(value) == value.len)
		return true;
	for (size_t i = 0; i < sizeof(no_values) / sizeof(no_values[0]); i++) {
		if (bs_str_ieq(value, bs_str_c(no_values[i])))
			return true;
	}
	if (is_reference(value) || is_bracketed(value) || is_variable(value) || is_path(value) ||
		bs_str_ifind(value, BS_LIT("[redacted")) != SIZE_MAX)
		return true;
	struct shape shape = measure(value);
	if (shape.different <= 2 && value.len >= 3) // ***, ..., xxx, x-x
		return true;
	size_t stars = 0; // ****1234: masked by whoever printed it
	while (stars < value.len && value.ptr[stars] == '*')
		stars++;
	return stars >= 3 || bs_judge_sample(value);
}

// Hashes (bs_str_hash) of sample keys that documents and quick starts print for everybody to copy:
// the Maps and Firebase demos of Google, the demo passwords of NuGet.
static const uint64_t published[] = {
	0xadbd04e3fe1b6d49,
	0x816cd10fdb11ead0,
	0x294c63f8344d5df1,
	0x6835e0f288832a40,
	0x828818f833257868,
	0x12113c2e6979f447,
	0x6acbd824bd32bbd4,
	0xc73f1e61952e6987,
	0x515cb771a4238032,
	0xe754678ea2b14ef1,
	0x29a336c7244f48dd,
	0xe7666dbb286c6c2e,
	0x08b545962adc7d8b,
	0xdb9422f1dd332dcc,
	0x99b2726346a1e92a,
	0x415503177a5c10e1,
	0x1a3e1c90ee6698a0,
};

static bool is_published(struct bs_str token)
{
	uint64_t hash = bs_str_hash(token, 0);
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		if (published[i] == hash)
			return true;
	}
	return false;
}

// XXXXXXXX-XXXXXX: half of it in runs of one letter.
static bool is_runs(struct bs_str token)
{
	size_t in_runs = 0, run = 0;
	for (size_t i = 1; i < token.len; i++) {
		bool same = bs_lower(token.ptr[i]) == bs_lower(token.ptr[i - 1]);
		run = same ? run + 1 : 0;
		in_runs += run == 4 ? 4 : run > 4 ? 1 : 0;
	}
	return token.len >= 12 && in_runs >= token.len / 2;
}

bool bs_judge_sample(struct bs_str token)
{
	static const char *const words[] = {
		"your_", "your-", "_here", "#####", "*****", "123123123"};
	struct shape shape = measure(token);
	if (shape.run >= 6 && shape.run >= token.len * 2 / 5)
		return true;
	if (shape.stairs >= 10 && shape.stairs >= token.len * 2 / 5)
		return true;
	if (bs_str_ends(token, BS_LIT("EXAMPLE")) || bs_str_ends(token, BS_LIT("EXAMPLEKEY")))
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (bs_str_ifind(token, bs_str_c(words[i])) != SIZE_MAX)
			return true;
	}
	return is_runs(token) || is_published(token);
}

// --- randomness

// word, two-words, Some.Name, jackson-0.11.2: parts of letters alone or of few digits alone.
static bool is_name(struct bs_str value, const struct shape *shape)
{
	size_t end = value.len, digits = 0, letters = 0;
	while (end > 0 && value.len - end < 2 && bs_is_digit(value.ptr[end - 1]))
		end--; // version2
	if (shape->marks > 0)
		return false;
	for (size_t i = 0; i <= end; i++) {
		bool joint = i == end || strchr("-_./: ", value.ptr[i]);
		if (joint && ((digits > 0 && letters > 0) || digits > 4))
			return false;
		digits = joint ? 0 : digits + bs_is_digit(value.ptr[i]);
		letters = joint ? 0 : letters + bs_is_alpha(value.ptr[i]);
	}
	return shape->upper <= 1 + shape->joints || shape->lower == 0 ||
	       shape->changes < value.len / 3;
}

// xsd:SomeTypeName: words in humps after a prefix, as XML and C++ qualify names.
static bool is_qualified(struct bs_str value)
{
	size_t colon = bs_str_find_char(value, ':');
	size_t hump = 0, humps = 0;
	for (size_t i = colon == SIZE_MAX ? value.len : colon + 1; i < value.len; i++) {
		bool upper = value.ptr[i] >= 'A' && value.ptr[i] <= 'Z';
		if (!bs_is_alpha(value.ptr[i]) || (upper && hump == 1) || (!upper && hump == 0))
			return false;
		humps += upper;
		hump = upper ? 1 : hump + 1;
	}
	return humps >= 2;
}

bool bs_judge_random(struct bs_str value)
{
	while (value.len > 0 && strchr(":;,.", value.ptr[value.len - 1]))
		value.len--;
	struct shape shape = measure(value);
	size_t letters = shape.lower + shape.upper;
	if (letters ==
		0) // dates, addresses, counts; a long number may be an id that opens something
		return shape.joints == 0 && shape.digits >= 15 && shape.marks <= 1;
	if (is_name(value, &shape) || is_qualified(value))
		return false;
	return shape.different >= 5;
}

static bool is_uuid(struct bs_str value)
{
	if (value.len != 36)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? value.ptr[i] != '-' : !bs_is_alnum(value.ptr[i]))
			return false;
	}
	return true;
}

bool bs_judge_strong(struct bs_str value)
{
	struct shape shape = measure(value);
	if (value.len < 16 || shape.digits < 2 || shape.lower + shape.upper < 4)
		return false;
	if (shape.hex || is_uuid(value) || is_name(value, &shape) ||
		bs_str_has(value, BS_LIT("://")))
		return false;
	if (bs_str_istarts(value, BS_LIT("sha")) || bs_str_starts(value, BS_LIT("h1:")) ||
		value.ptr[0] == '/' || value.ptr[0] == '.')
		return false;
	return shape.different >= 10 && shape.changes >= value.len / 4 && shape.stairs < 8 &&
	       shape.joints <= value.len / 8;
}

// --- programs and prose

bool bs_judge_code(struct bs_str value)
{
	size_t i = 0;
	while (i < value.len && (bs_is_alnum(value.ptr[i]) || strchr("_.:", value.ptr[i])))
		i++;
	if (i == value.len || i == 0 || !bs_is_alpha(value.ptr[0]))
		return false;
	return value.ptr[i] == '(' || value.ptr[i] == '[' ||
	       bs_str_starts(bs_str_from(value, i), BS_LIT("!["));
}

static const char *const function_words[] = {"a", "an", "and", "are", "at", "be", "been", "by",
	"can", "cannot", "contain", "does", "enter", "field", "for", "from", "has", "if", "in",
	"is", "least", "must", "no", "not", "of", "on", "or", "please", "required", "should",
	"than", "that", "the", "this", "to", "too", "use", "was", "were", "with", "you", "your"};

bool bs_judge_prose(struct bs_str value)
{
	struct bs_str word;
	size_t words = 0, function = 0;
	while (bs_str_split(&value, ' ', &word)) {
		words += word.len > 0;
		for (size_t i = 0; i < sizeof(function_words) / sizeof(function_words[0]); i++)
			function += bs_str_ieq(word, bs_str_c(function_words[i]));
	}
	return words >= 3 && function >= 1;
}
