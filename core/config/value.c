// SPDX-License-Identifier: MIT
// Values of settings: exact parsing without floating point and without the locale.
#include "core/config/value.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/config/duration.h"

// enums are read and written as unsigned: what both compilers give an enum without negative values
_Static_assert(sizeof(enum bs_format) == sizeof(unsigned), "enums have the size of unsigned");

static void *field(const struct bs_setting *setting, void *object)
{
	return (char *)object + setting->offset;
}

// A whole number, optionally negative.
static bool parse_integer(struct bs_str text, int64_t *ret_number)
{
	uint64_t number = 0;
	bool negative = bs_str_starts(text, BS_LIT("-"));
	if (!bs_str_to_u64(bs_str_from(text, negative), &number) || number > INT64_MAX)
		return false;
	*ret_number = negative ? -(int64_t)number : (int64_t)number;
	return true;
}

#define WORDS_BYTES 240

// "local or next", "text, markdown or json".
static const char *list_words(const struct bs_word *words, char text[WORDS_BYTES])
{
	size_t used = 0;
	text[0] = '\0';
	for (const struct bs_word *w = words; w->word && used < WORDS_BYTES; w++) {
		const char *joint = w == words ? "" : w[1].word ? ", " : " or ";
		int n = snprintf(text + used, WORDS_BYTES - used, "%s%s", joint, w->word);
		used += n > 0 ? (size_t)n : 0;
	}
	return text;
}

static const struct bs_word *find_word(const struct bs_word *words, struct bs_str text)
{
	for (const struct bs_word *w = words; w && w->word; w++)
		if (bs_str_eq_c(text, w->word))
			return w;
	return NULL;
}

static enum bs_status refuse_word(
	const struct bs_setting *setting, struct bs_str text, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES], words[WORDS_BYTES];
	return bs_fail(err, BS_USAGE, "%s: \"%s\" is not known; expected %s", setting->name,
		bs_shown(text, shown), list_words(setting->words, words));
}

static enum bs_status parse_bool(
	const struct bs_setting *setting, struct bs_str text, bool *ret_value, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES];
	bool on = bs_str_eq_c(text, "true");
	if (!on && !bs_str_eq_c(text, "false"))
		return bs_fail(err, BS_USAGE, "%s: \"%s\" is neither true nor false", setting->name,
			bs_shown(text, shown));
	*ret_value = on;
	return BS_OK;
}

static enum bs_status parse_number(const struct bs_setting *setting, struct bs_str text,
	int64_t *ret_number, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES];
	int64_t number = 0;
	bool whole = parse_integer(text, &number);
	if (whole && number >= setting->min && number <= setting->max) {
		*ret_number = number;
		return BS_OK;
	}
	return bs_fail(err, BS_USAGE,
		"%s: \"%s\" is %s; expected a whole number from %" PRId64 " to %" PRId64,
		setting->name, bs_shown(text, shown), whole ? "out of range" : "not a whole number",
		setting->min, setting->max);
}

static enum bs_status parse_duration(
	const struct bs_setting *setting, struct bs_str text, int64_t *ret_ms, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES], words[WORDS_BYTES], min[BS_DURATION_BYTES],
		max[BS_DURATION_BYTES];
	const struct bs_word *word = find_word(setting->words, text);
	uint64_t bare = 0;
	int64_t ms = word ? word->value : 0;
	if (!word && bs_str_to_u64(text, &bare))
		return bs_fail(err, BS_USAGE, "%s: \"%s\" has no unit; write %ss or %sms",
			setting->name, bs_shown(text, shown), shown, shown);
	if (!word && !bs_duration_parse(text, &ms))
		return bs_fail(err, BS_USAGE,
			"%s: \"%s\" is not a duration; expected %s%sone such as 500ms, 4s or 1m",
			setting->name, bs_shown(text, shown),
			setting->words ? list_words(setting->words, words) : "",
			setting->words ? ", or " : "");
	if (!word && (ms < setting->min || ms > setting->max))
		return bs_fail(err, BS_USAGE, "%s: %s is out of range; expected %s to %s",
			setting->name, bs_shown(text, shown), bs_duration_print(setting->min, min),
			bs_duration_print(setting->max, max));
	*ret_ms = ms;
	return BS_OK;
}

// "0.05", "12": no sign, no exponent, six places at most.
static bool parse_amount(struct bs_str text, int64_t *ret_micro)
{
	struct bs_str whole = {NULL, 0}, rest = text;
	uint64_t dollars = 0, micro = 0;
	(void)bs_str_split(&rest, '.', &whole);
	bool has_point = whole.len < text.len;
	if (!bs_str_to_u64(whole, &dollars) || dollars > 1000000000)
		return false;
	if (has_point && (rest.len > 6 || !bs_str_to_u64(rest, &micro)))
		return false;
	for (size_t i = rest.len; has_point && i < 6; i++)
		micro *= 10;
	*ret_micro = (int64_t)(dollars * 1000000 + micro);
	return true;
}

static enum bs_status parse_usd(const struct bs_setting *setting, struct bs_str text,
	int64_t *ret_micro, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES], words[WORDS_BYTES];
	const struct bs_word *word = find_word(setting->words, text);
	int64_t micro = word ? word->value : 0;
	if (!word && (!parse_amount(text, &micro) || micro < setting->min || micro > setting->max))
		return bs_fail(err, BS_USAGE,
			"%s: \"%s\" is no amount; expected %s%sUS dollars above zero such as 0.01",
			setting->name, bs_shown(text, shown),
			setting->words ? list_words(setting->words, words) : "",
			setting->words ? ", or " : "");
	*ret_micro = micro;
	return BS_OK;
}

// Also the C1 controls (U+0080 to U+009F), which some terminals obey.
static bool has_control(struct bs_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		unsigned char next = i + 1 < text.len ? (unsigned char)text.ptr[i + 1] : 0;
		if (c < 0x20 || c == 0x7F || (c == 0xC2 && next >= 0x80 && next < 0xA0))
			return true;
	}
	return !bs_str_is_utf8(text);
}

// What every string has to be: text of one line, and what its row asks for.
static enum bs_status check_string(
	const struct bs_setting *setting, struct bs_str text, struct bs_err *err)
{
	char shown[BS_SHOWN_BYTES];
	if (text.len == 0 && !(setting->flags & BS_SETTING_MAY_BE_EMPTY))
		return bs_fail(err, BS_USAGE, "%s: is empty; leave it out instead", setting->name);
	if (setting->accepts && !setting->accepts(text) &&
		(setting->flags & BS_SETTING_MAY_BE_SECRET) &&
		(!setting->hides || setting->hides(text)))
		return bs_fail(err, BS_USAGE,
			"%s: holds what may be a secret, so it is not shown; write %s",
			setting->name, setting->expected);
	if (setting->accepts && !setting->accepts(text))
		return bs_fail(err, BS_USAGE, "%s: \"%s\" is not allowed; expected %s",
			setting->name, bs_shown(text, shown), setting->expected);
	if (has_control(text))
		return bs_fail(err, BS_USAGE, "%s: \"%s\" holds control bytes or is not UTF-8",
			setting->name, bs_shown(text, shown));
	return BS_OK;
}

static enum bs_status parse_string(const struct bs_setting *setting, struct bs_str text,
	struct bs_arena *arena, const char **ret_text, struct bs_err *err)
{
	if (setting->words && !find_word(setting->words, text))
		return refuse_word(setting, text, err);
	if (!setting->words && text.len > (uint64_t)setting->max)
		return bs_fail(err, BS_USAGE, "%s: has %zu bytes; expected at most %" PRId64,
			setting->name, text.len, setting->max);
	enum bs_status status = check_string(setting, text, err);
	if (status != BS_OK)
		return status;
	const char *copy = bs_arena_cstr(arena, text);
	if (!copy)
		return bs_fail_nomem(err);
	*ret_text = copy;
	return BS_OK;
}

enum bs_status bs_value_check_item(
	const struct bs_setting *setting, struct bs_str text, struct bs_err *err)
{
	if (text.len > BS_SETTING_ITEM_BYTES_MAX)
		return bs_fail(err, BS_USAGE, "%s: an entry has %zu bytes; expected at most %d",
			setting->name, text.len, BS_SETTING_ITEM_BYTES_MAX);
	return check_string(setting, text, err);
}

enum bs_status bs_value_parse_list(const struct bs_setting *setting, const struct bs_str *items,
	size_t count, struct bs_arena *arena, void *object, struct bs_err *err)
{
	struct bs_strings *list = field(setting, object);
	size_t kept = setting->flags & BS_SETTING_ADDS ? list->count : 0;
	if (count + kept > (uint64_t)setting->max)
		return bs_fail(err, BS_USAGE, "%s: has %zu entries; expected at most %" PRId64,
			setting->name, count + kept, setting->max);
	const char **all = BS_NEW_ARRAY(arena, const char *, count + kept);
	if (!all)
		return bs_fail_nomem(err);
	for (size_t i = 0; i < kept; i++)
		all[i] = list->items[i];
	for (size_t i = 0; i < count; i++) {
		enum bs_status status = bs_value_check_item(setting, items[i], err);
		if (status != BS_OK)
			return status;
		all[kept + i] = bs_arena_cstr(arena, items[i]);
		if (!all[kept + i])
			return bs_fail_nomem(err);
	}
	*list = (struct bs_strings){all, count + kept};
	return BS_OK;
}

// A list in one text: by commas, or by lines where items may hold commas.
static enum bs_status parse_joined(const struct bs_setting *setting, struct bs_str text,
	struct bs_arena *arena, void *object, struct bs_err *err)
{
	char separator = setting->flags & BS_SETTING_KEEPS_COMMAS ? '\n' : ',';
	size_t count = 0, items_max = 1;
	struct bs_str part;
	for (size_t i = 0; i < text.len; i++)
		items_max += text.ptr[i] == separator;
	struct bs_str *items = BS_NEW_ARRAY(arena, struct bs_str, items_max);
	if (!items)
		return bs_fail_nomem(err);
	while (bs_str_split(&text, separator, &part))
		items[count++] = bs_str_trim(part);
	return bs_value_parse_list(setting, items, count, arena, object, err);
}

enum bs_status bs_value_parse(const struct bs_setting *setting, struct bs_str text,
	struct bs_arena *arena, void *object, struct bs_err *err)
{
	void *target = field(setting, object);
	switch (setting->type) {
	case BS_SETTING_BOOL:
		return parse_bool(setting, text, target, err);
	case BS_SETTING_COUNT:
	case BS_SETTING_INTEGER:
		return parse_number(setting, text, target, err);
	case BS_SETTING_DURATION:
		return parse_duration(setting, text, target, err);
	case BS_SETTING_USD:
		return parse_usd(setting, text, target, err);
	case BS_SETTING_ENUM: {
		const struct bs_word *word = find_word(setting->words, text);
		if (!word)
			return refuse_word(setting, text, err);
		*(unsigned *)target = (unsigned)word->value;
		return BS_OK;
	}
	case BS_SETTING_STRING:
		return parse_string(setting, text, arena, target, err);
	case BS_SETTING_STRINGS:
		return parse_joined(setting, text, arena, object, err);
	}
	return bs_fail(err, BS_USAGE, "%s: is of no known type", setting->name);
}
