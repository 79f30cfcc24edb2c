// SPDX-License-Identifier: MIT
// Values of settings: reading the fields back, and printing them.
#include <inttypes.h>
#include <stdio.h>

#include "core/config/duration.h"
#include "core/config/value.h"

static const void *const_field(const struct bs_setting *setting, const void *object)
{
	return (const char *)object + setting->offset;
}

const char *bs_shown(struct bs_str text, char shown[BS_SHOWN_BYTES])
{
	size_t shown_max = BS_SHOWN_BYTES - sizeof("…");
	bool cut = text.len > shown_max;
	size_t len = cut ? shown_max : text.len;
	for (size_t i = 0; i < len; i++)
		shown[i] = text.ptr[i] < ' ' || text.ptr[i] > '~' ? '?' : text.ptr[i];
	(void)snprintf(shown + len, BS_SHOWN_BYTES - len, "%s", cut ? "…" : "");
	return shown;
}

int64_t bs_value_number(const struct bs_setting *setting, const void *object)
{
	const void *at = const_field(setting, object);
	return setting->type == BS_SETTING_ENUM ? *(const unsigned *)at : *(const int64_t *)at;
}

bool bs_value_bool(const struct bs_setting *setting, const void *object)
{
	return *(const bool *)const_field(setting, object);
}

const char *bs_value_string(const struct bs_setting *setting, const void *object)
{
	return *(const char *const *)const_field(setting, object);
}

struct bs_strings bs_value_strings(const struct bs_setting *setting, const void *object)
{
	return *(const struct bs_strings *)const_field(setting, object);
}

// The word that stands for the number, or NULL.
static const char *word_of(const struct bs_word *words, int64_t value)
{
	for (const struct bs_word *w = words; w && w->word; w++)
		if (w->value == value)
			return w->word;
	return NULL;
}

// "0.05", without zeros that say nothing.
static void print_usd(const struct bs_setting *setting, int64_t micro, struct bs_buf *out)
{
	char text[40];
	const char *word = word_of(setting->words, micro);
	if (word) {
		bs_buf_add_c(out, word);
		return;
	}
	int n = snprintf(
		text, sizeof(text), "%" PRId64 ".%06" PRId64, micro / 1000000, micro % 1000000);
	while (n > 0 && text[n - 1] == '0')
		n--;
	if (n > 0 && text[n - 1] == '.')
		n--;
	bs_buf_add(out, bs_str(text, n > 0 ? (size_t)n : 0));
}

void bs_value_print(const struct bs_setting *setting, const void *object, struct bs_buf *out)
{
	char duration[BS_DURATION_BYTES];
	struct bs_strings list;
	switch (setting->type) {
	case BS_SETTING_BOOL:
		bs_buf_add_c(out, bs_value_bool(setting, object) ? "true" : "false");
		break;
	case BS_SETTING_COUNT:
	case BS_SETTING_INTEGER:
		bs_buf_addf(out, "%" PRId64, bs_value_number(setting, object));
		break;
	case BS_SETTING_USD:
		print_usd(setting, bs_value_number(setting, object), out);
		break;
	case BS_SETTING_DURATION:
	case BS_SETTING_ENUM: {
		int64_t number = bs_value_number(setting, object);
		const char *word = word_of(setting->words, number);
		bs_buf_add_c(out, word ? word : bs_duration_print(number, duration));
		break;
	}
	case BS_SETTING_STRING:
		bs_buf_add_c(out, bs_value_string(setting, object));
		break;
	case BS_SETTING_STRINGS:
		list = bs_value_strings(setting, object);
		for (size_t i = 0; i < list.count; i++)
			bs_buf_addf(out, "%s%s", i ? ", " : "", list.items[i]);
		break;
	}
}
