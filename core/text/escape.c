// SPDX-License-Identifier: MIT
// Escape sequences: the state machine of ECMA-48, 5.4 (CSI), 5.6 (strings) and ISO 2022 (nF).
#include "core/text/escape.h"

#include "core/base/limits.h"
#include "core/text/utf8.h"

#define BEL 0x07
#define CAN 0x18
#define SUB 0x1A
#define ESC 0x1B
#define C1_DCS 0x90
#define C1_SOS 0x98
#define C1_CSI 0x9B
#define C1_ST 0x9C
#define C1_OSC 0x9D
#define C1_PM 0x9E
#define C1_APC 0x9F
#define PARAM_MAX 9999

enum state {
	GROUND,
	ESCAPE,       // after ESC
	INTERMEDIATE, // after ESC and bytes 0x20 to 0x2F: one more byte ends it
	CONTROL,      // after CSI
	STRING,       // after OSC, DCS, APC, PM, SOS: up to BEL or ST
	STRING_ESC,   // after ESC in a string: '\' ends it
};

static enum bs_escape_event enter(struct bs_escape *escape, enum state state)
{
	size_t bytes = escape->bytes;
	bs_escape_reset(escape);
	escape->state = state;
	escape->bytes = bytes;
	return BS_ESCAPE_EATEN;
}

static enum bs_escape_event leave(struct bs_escape *escape)
{
	bs_escape_reset(escape);
	return BS_ESCAPE_EATEN;
}

static enum bs_escape_event take_ground(struct bs_escape *escape, uint32_t point)
{
	escape->bytes = bs_utf8_size(point);
	switch (point) {
	case ESC:
		return enter(escape, ESCAPE);
	case C1_CSI:
		return enter(escape, CONTROL);
	case C1_DCS:
	case C1_SOS:
	case C1_OSC:
	case C1_PM:
	case C1_APC:
		return enter(escape, STRING);
	default:
		if (point >= 0x80 && point < 0xA0)
			return leave(escape); // the other C1 controls do nothing to a line
		bs_escape_reset(escape);
		return BS_ESCAPE_TEXT;
	}
}

static enum bs_escape_event take_escape(struct bs_escape *escape, uint32_t point)
{
	switch (point) {
	case '[':
		return enter(escape, CONTROL);
	case ']': // OSC
	case 'P': // DCS
	case 'X': // SOS
	case '^': // PM
	case '_': // APC
		return enter(escape, STRING);
	default:
		if (point >= 0x20 && point < 0x30)
			return enter(escape, INTERMEDIATE);
		if (point >= 0x30 && point < 0x7F)
			return leave(escape); // two bytes: ESC 7, ESC c, ESC \ …
		return take_ground(escape, point);
	}
}

static enum bs_escape_event take_control(struct bs_escape *escape, uint32_t point)
{
	if (point >= '0' && point <= '9') {
		if (escape->params_count == 0)
			escape->params_count = 1;
		unsigned *param = &escape->params[escape->params_count - 1];
		*param = *param * 10 + (point - '0');
		if (*param > PARAM_MAX)
			*param = PARAM_MAX;
		return BS_ESCAPE_EATEN;
	}
	if (point == ';' || point == ':') {
		if (escape->params_count == 0)
			escape->params_count = 1;
		if (escape->params_count < BS_ESCAPE_PARAMS_MAX)
			escape->params[escape->params_count++] = 0;
		return BS_ESCAPE_EATEN;
	}
	if (point >= 0x20 && point < 0x40) { // < = > ? and intermediates
		escape->is_private = true;
		return BS_ESCAPE_EATEN;
	}
	if (point >= 0x40 && point < 0x7F) {
		escape->final = (char)point;
		escape->state = GROUND;
		escape->bytes = 0;
		return escape->is_private ? leave(escape) : BS_ESCAPE_CSI;
	}
	return take_ground(escape, point); // broken off
}

static enum bs_escape_event take_string(struct bs_escape *escape, uint32_t point)
{
	if (point == BEL || point == C1_ST || point == CAN || point == SUB)
		return leave(escape);
	if (point == ESC)
		escape->state = STRING_ESC;
	return BS_ESCAPE_EATEN;
}

enum bs_escape_event bs_escape_take(struct bs_escape *escape, uint32_t point)
{
	enum state state = (enum state)escape->state;
	if (state == GROUND)
		return take_ground(escape, point);
	if (escape->bytes + bs_utf8_size(point) > BS_ESCAPE_BYTES_MAX)
		return take_ground(escape, point); // it never ends: the rest is text again
	escape->bytes += bs_utf8_size(point);
	switch (state) {
	case GROUND:
		break;
	case ESCAPE:
		return take_escape(escape, point);
	case INTERMEDIATE:
		if (point >= 0x20 && point < 0x30)
			return BS_ESCAPE_EATEN;
		return point >= 0x30 && point < 0x7F ? leave(escape) : take_ground(escape, point);
	case CONTROL:
		return take_control(escape, point);
	case STRING:
		return take_string(escape, point);
	case STRING_ESC:
		return point == '\\' ? leave(escape) : take_escape(escape, point);
	}
	return BS_ESCAPE_TEXT;
}

bool bs_escape_in_string(const struct bs_escape *escape)
{
	return escape->state == STRING || escape->state == STRING_ESC;
}

// 38;5;N (256 colours) and 38;2;R;G;B; *ret_used counts the parameters they take.
static bool red_of_palette(const unsigned *params, size_t count, size_t *ret_used)
{
	*ret_used = count;
	if (count >= 3 && params[1] == 5) {
		*ret_used = 3;
		return params[2] == 1 || params[2] == 9 || params[2] == 196;
	}
	if (count >= 5 && params[1] == 2) {
		*ret_used = 5;
		return params[2] >= 160 && params[3] < 100 && params[4] < 100;
	}
	return false;
}

bool bs_escape_red(const struct bs_escape *escape, bool was_red)
{
	if (escape->final != 'm')
		return was_red;
	if (escape->params_count == 0)
		return false; // CSI m resets
	bool red = was_red;
	size_t used = 1;
	for (size_t i = 0; i < escape->params_count; i += used) {
		unsigned param = escape->params[i];
		used = 1;
		if (param == 31 || param == 91)
			red = true;
		else if (param == 0 || (param >= 30 && param <= 37) || param == 39 ||
			 (param >= 90 && param <= 97))
			red = false;
		else if (param == 38)
			red = red_of_palette(escape->params + i, escape->params_count - i, &used);
		else if (param == 48)
			(void)red_of_palette(escape->params + i, escape->params_count - i, &used);
	}
	return red;
}
