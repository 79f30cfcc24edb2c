// SPDX-License-Identifier: MIT
// Writing compact JSON onto a buffer, valid whatever bytes come in.
#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/ext/json.h"
#include "core/ext/json_scan.h"

void bs_json_writer_init(struct bs_json_writer *w, struct bs_buf *buf)
{
	*w = (struct bs_json_writer){.buf = buf};
}

// Before each value: the comma that separates it from the one before.
static void separate(struct bs_json_writer *w)
{
	if (w->need_comma)
		bs_buf_add_char(w->buf, ',');
	w->need_comma = true;
}

void bs_json_open(struct bs_json_writer *w, char bracket)
{
	assert(bracket == '{' || bracket == '[');
	separate(w);
	bs_buf_add_char(w->buf, bracket);
	w->need_comma = false;
}

void bs_json_close(struct bs_json_writer *w, char bracket)
{
	assert(bracket == '}' || bracket == ']');
	bs_buf_add_char(w->buf, bracket);
	w->need_comma = true;
}

// What cannot stand in a string as it is; false when it can.
static bool add_escape(struct bs_json_writer *w, unsigned char c)
{
	static const char letters[] = {
		['"'] = '"',
		['\\'] = '\\',
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};
	char letter = c < sizeof(letters) ? letters[c] : '\0';
	if (letter) {
		bs_buf_add_char(w->buf, '\\');
		bs_buf_add_char(w->buf, letter);
	} else if (c < 0x20 || (w->ascii && c == 0x7F)) {
		bs_buf_addf(w->buf, "\\u%04x", c);
	} else {
		return false;
	}
	return true;
}

static void add_ascii(struct bs_json_writer *w, struct bs_str character)
{
	static const unsigned lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	unsigned code = (unsigned char)character.ptr[0] & lead_mask[character.len];
	for (size_t i = 1; i < character.len; i++)
		code = code << 6 | ((unsigned char)character.ptr[i] & 0x3F);
	if (code < 0x10000)
		bs_buf_addf(w->buf, "\\u%04x", code);
	else
		bs_buf_addf(w->buf, "\\u%04x\\u%04x", 0xD800 + ((code - 0x10000) >> 10),
			0xDC00 + ((code - 0x10000) & 0x3FF));
}

static void add_string(struct bs_json_writer *w, struct bs_str s)
{
	const struct bs_str replacement = BS_LIT("\xEF\xBF\xBD");
	size_t plain = 0; // the start of what can be copied in one piece
	bs_buf_add_char(w->buf, '"');
	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.ptr[i];
		size_t step = c < 0x80 ? 1 : bs_json_utf8(s, i);
		bool copied = step > 0 &&
			      (c < 0x80 ? c >= 0x20 && c != '"' && c != '\\' && c != 0x7F
					: !w->ascii);
		if (copied) {
			i += step;
			continue;
		}
		bs_buf_add(w->buf, bs_str_sub(s, plain, i - plain));
		struct bs_str character = step ? bs_str_sub(s, i, step) : replacement;
		if (c < 0x80) {
			if (!add_escape(w, c))
				bs_buf_add(w->buf, character);
		} else if (w->ascii) {
			add_ascii(w, character);
		} else {
			bs_buf_add(w->buf, character);
		}
		i += step ? step : 1;
		plain = i;
	}
	bs_buf_add(w->buf, bs_str_from(s, plain));
	bs_buf_add_char(w->buf, '"');
}

void bs_json_put_key(struct bs_json_writer *w, const char *key)
{
	separate(w);
	add_string(w, bs_str_c(key));
	bs_buf_add_char(w->buf, ':');
	w->need_comma = false;
}

void bs_json_put_str(struct bs_json_writer *w, struct bs_str s)
{
	separate(w);
	add_string(w, s);
}

void bs_json_put_c(struct bs_json_writer *w, const char *text)
{
	if (text)
		bs_json_put_str(w, bs_str_c(text));
	else
		bs_json_put_null(w);
}

void bs_json_put_i64(struct bs_json_writer *w, int64_t number)
{
	separate(w);
	bs_buf_addf(w->buf, "%lld", (long long)number);
}

void bs_json_put_double(struct bs_json_writer *w, double number)
{
	char text[64];
	if (!isfinite(number)) { // JSON has no word for it
		bs_json_put_null(w);
		return;
	}
	// 15 digits read well; 17 are needed where 15 would be another number.
	int len = snprintf(text, sizeof(text), "%.15g", number);
	if (strtod(text, NULL) < number || strtod(text, NULL) > number)
		len = snprintf(text, sizeof(text), "%.17g", number);
	assert(len > 0 && (size_t)len < sizeof(text));
	struct bs_str rest = bs_str(text, (size_t)len);
	struct bs_str point = bs_str_c(localeconv()->decimal_point);
	size_t at = bs_str_find(rest, point);
	separate(w);
	bs_buf_add(w->buf, bs_str_sub(rest, 0, at == SIZE_MAX ? rest.len : at));
	if (at != SIZE_MAX) {
		bs_buf_add_char(w->buf, '.');
		bs_buf_add(w->buf, bs_str_from(rest, at + point.len));
	}
}

void bs_json_put_bool(struct bs_json_writer *w, bool value)
{
	bs_json_put_raw(w, value ? BS_LIT("true") : BS_LIT("false"));
}

void bs_json_put_null(struct bs_json_writer *w)
{
	bs_json_put_raw(w, BS_LIT("null"));
}

// As deep as the document, which bs_json_parse has bounded.
void bs_json_put(struct bs_json_writer *w, const struct bs_json *value)
{
	bool object = bs_json_type(value) == BS_JSON_OBJECT;
	bool truth = false;
	double number = 0;
	switch (bs_json_type(value)) {
	case BS_JSON_NULL:
		bs_json_put_null(w);
		break;
	case BS_JSON_BOOL:
		(void)bs_json_bool(value, &truth);
		bs_json_put_bool(w, truth);
		break;
	case BS_JSON_NUMBER:
		(void)bs_json_number(value, &number);
		bs_json_put_double(w, number);
		break;
	case BS_JSON_STRING:
		bs_json_put_str(w, bs_json_text(value));
		break;
	case BS_JSON_ARRAY:
	case BS_JSON_OBJECT:
		bs_json_open(w, object ? '{' : '[');
		for (const struct bs_json *c = bs_json_first(value); c; c = bs_json_next(c)) {
			if (object)
				bs_json_put_key(w, bs_json_key(c).ptr);
			bs_json_put(w, c);
		}
		bs_json_close(w, object ? '}' : ']');
		break;
	}
}

void bs_json_put_raw(struct bs_json_writer *w, struct bs_str json)
{
	separate(w);
	bs_buf_add(w->buf, json);
}
