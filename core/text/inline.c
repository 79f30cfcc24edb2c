// SPDX-License-Identifier: MIT
// One harmless line out of any text: for what models say and for names from outside.
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "core/text/utf8.h"

struct range {
	uint32_t from, to;
};

// Characters without a shape, and those that turn the direction of writing (Unicode 15,
// Default_Ignorable_Code_Point and Bidi_Control, but the variation selectors of emoji).
static const struct range invisible[] = {
	{0x00AD, 0x00AD},
	{0x034F, 0x034F},
	{0x061C, 0x061C},
	{0x115F, 0x1160},
	{0x17B4, 0x17B5},
	{0x180B, 0x180F},
	{0x200B, 0x200F},
	{0x202A, 0x202E},
	{0x2060, 0x206F},
	{0x3164, 0x3164},
	{0xFEFF, 0xFEFF},
	{0xFFA0, 0xFFA0},
	{0xFFF9, 0xFFFB},
	{0xE0000, 0xE0FFF},
};

static bool is_invisible(uint32_t point)
{
	for (size_t i = 0; i < sizeof(invisible) / sizeof(invisible[0]); i++)
		if (point >= invisible[i].from && point <= invisible[i].to)
			return true;
	return false;
}

static void take_point(struct bs_escape *escape, uint32_t point, struct bs_buf *out)
{
	bool is_break = point == '\n' || point == '\r' || point == '\t' || point == 0x2028 ||
			point == 0x2029;
	if (is_break) {
		bs_escape_reset(escape);
		bs_buf_add_char(out, ' ');
		return;
	}
	enum bs_escape_event event = bs_escape_take(escape, point);
	if (event == BS_ESCAPE_CSI)
		bs_escape_reset(escape);
	if (event != BS_ESCAPE_TEXT || point < 0x20 || point == 0x7F || is_invisible(point))
		return;
	char bytes[4];
	bs_buf_add(out, bs_str(bytes, bs_utf8_put(point, bytes)));
}

void bs_clean_inline(struct bs_str s, struct bs_buf *out)
{
	struct bs_utf8 utf8 = {0};
	struct bs_escape escape = {0};
	for (size_t i = 0; i < s.len; i++) {
		uint32_t point = BS_UTF8_REPLACEMENT;
		switch (bs_utf8_take(&utf8, (unsigned char)s.ptr[i], &point)) {
		case BS_UTF8_MORE:
			break;
		case BS_UTF8_CHAR:
		case BS_UTF8_BAD:
			take_point(&escape, point, out);
			break;
		case BS_UTF8_AGAIN:
			take_point(&escape, point, out);
			i--;
			break;
		}
	}
	if (utf8.more > 0)
		take_point(&escape, BS_UTF8_REPLACEMENT, out);
}
