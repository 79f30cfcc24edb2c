// SPDX-License-Identifier: MIT
// Encodings and binary formats, told from the first bytes.
#include "core/text/sniff.h"

#include "core/text/utf8.h"

struct magic {
	struct bs_str bytes;
	const char *hint;
};

#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
#define UNPACK(format, tool) "the input is " format "-compressed: unpack it first (" tool ")"

static const struct magic magics[] = {
	{BYTES("\x1f\x8b"), UNPACK("gzip", "gzip -dc FILE | buildsum -")},
	{BYTES("\x28\xb5\x2f\xfd"), UNPACK("zstd", "zstd -dc FILE | buildsum -")},
	{BYTES("\xfd"
	       "7zXZ\0"),
		UNPACK("xz", "xz -dc FILE | buildsum -")},
	{BYTES("BZh91AY&SY"), UNPACK("bzip2", "bzip2 -dc FILE | buildsum -")},
	{BYTES("\x04\x22\x4d\x18"), UNPACK("lz4", "lz4 -dc FILE | buildsum -")},
	{BYTES("PK\x03\x04"), "the input is a zip archive: unpack the log first (unzip -p FILE)"},
	{BYTES("7z\xbc\xaf\x27\x1c"), "the input is a 7-zip archive: unpack the log first"},
	{BYTES("\x7f"
	       "ELF"),
		"the input is an ELF file (a program or a core dump), not a log"},
	{BYTES("\xcf\xfa\xed\xfe"), "the input is a Mach-O file (a program), not a log"},
	{BYTES("%PDF-"), "the input is a PDF document, not a log"},
	{BYTES("\x89PNG\r\n"), "the input is a PNG image, not a log"},
	{BYTES("\xff\xd8\xff\xe0"), "the input is a JPEG image, not a log"},
	{BYTES("SQLite format 3\0"), "the input is an SQLite database, not a log"},
};

// How many NULs at even and at odd offsets.
static void count_nuls(struct bs_str s, size_t ret_nuls[2])
{
	ret_nuls[0] = ret_nuls[1] = 0;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '\0')
			ret_nuls[i & 1]++;
}

#define UTF16_BYTES_MIN 8
#define UTF16_NUL_PERCENT 60 // of one half of the bytes, so 30 of all
#define UTF16_OTHER_PERCENT 5

// Without a mark: mostly ASCII in UTF-16 has a NUL in every pair, always on the same side.
static bool is_utf16(struct bs_str first, struct bs_sniffed *sniffed)
{
	if (bs_str_starts(first, BS_LIT("\xff\xfe")) || bs_str_starts(first, BS_LIT("\xfe\xff"))) {
		sniffed->mark_bytes += 2;
		sniffed->encoding = first.ptr[0] == '\xff' ? BS_ENCODING_UTF16_LE
							   : BS_ENCODING_UTF16_BE;
		return true;
	}
	size_t nuls[2];
	count_nuls(first, nuls);
	size_t pairs = first.len / 2;
	if (first.len < UTF16_BYTES_MIN)
		return false;
	for (size_t side = 0; side < 2; side++)
		if (nuls[side] * 100 >= pairs * UTF16_NUL_PERCENT &&
			nuls[1 - side] * 100 <= pairs * UTF16_OTHER_PERCENT) {
			sniffed->encoding = side ? BS_ENCODING_UTF16_LE : BS_ENCODING_UTF16_BE;
			return true;
		}
	return false;
}

#define BINARY_COUNT_MIN 32      // a short text with some odd bytes is still a text
#define BINARY_PERCENT 10        // control bytes no log prints
#define BINARY_MIXED_PERCENT 3   // of these, when …
#define BINARY_BROKEN_PERCENT 15 // … so many bytes are no UTF-8 either

static bool is_binary(struct bs_str first)
{
	struct bs_utf8 utf8 = {0};
	uint32_t point = 0;
	size_t control = 0, broken = 0;
	for (size_t i = 0; i < first.len; i++) {
		unsigned char byte = (unsigned char)first.ptr[i];
		bool known = (byte >= '\a' && byte <= '\r') || byte == 0x1B;
		if ((byte < 0x20 && !known) || byte == 0x7F)
			control++;
		enum bs_utf8_step step = bs_utf8_take(&utf8, byte, &point);
		if (step == BS_UTF8_AGAIN || step == BS_UTF8_BAD)
			broken++;
	}
	if (control < BINARY_COUNT_MIN)
		return false;
	return control * 100 >= first.len * BINARY_PERCENT ||
	       (control * 100 >= first.len * BINARY_MIXED_PERCENT &&
		       broken * 100 >= first.len * BINARY_BROKEN_PERCENT);
}

#define CR_LINES_MIN 3
#define CR_SAME_BYTES 3

static char shape_of(char c)
{
	return bs_is_digit(c) || c == ' ' ? '0' : c;
}

// '\r' alone ends lines (old Mac, some serial consoles) or redraws one line (progress). Without any
// '\n' to tell, lines that begin unlike one another are lines.
static bool has_cr_lines(struct bs_str first)
{
	if (bs_str_find_char(first, '\n') != SIZE_MAX ||
		bs_str_find_char(first, '\x1b') != SIZE_MAX)
		return false;
	size_t lines = 0, same = 0;
	struct bs_str rest = first, line, before = {0};
	while (bs_str_split(&rest, '\r', &line)) {
		if (bs_str_trim(line).len == 0)
			continue;
		bool alike = before.len > 0;
		for (size_t i = 0; i < CR_SAME_BYTES && alike; i++)
			alike = i < line.len && i < before.len &&
				shape_of(line.ptr[i]) == shape_of(before.ptr[i]);
		same += alike;
		before = line;
		lines++;
	}
	return lines >= CR_LINES_MIN && same * 2 < lines;
}

#define HOLE_BYTES_MIN 4 // fewer may be a character of UTF-32, or half of one of UTF-16

// Bytes of the hole at the front of a file that was cut back while somebody went on writing to it
// (copytruncate of logrotate, an agent that crashed): it reads as NULs and says nothing.
static size_t hole_bytes(struct bs_str first)
{
	size_t bytes = 0;
	while (bytes < first.len && first.ptr[bytes] == '\0')
		bytes++;
	return bytes < HOLE_BYTES_MIN ? 0 : bytes;
}

struct bs_sniffed bs_sniff(struct bs_str first)
{
	struct bs_sniffed sniffed = {.encoding = BS_ENCODING_UTF8};
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (bs_str_starts(first, magics[i].bytes)) {
			sniffed.binary = magics[i].hint;
			return sniffed;
		}
	sniffed.mark_bytes = hole_bytes(first);
	first = bs_str_from(first, sniffed.mark_bytes);
	if (is_utf16(first, &sniffed))
		return sniffed;
	if (is_binary(first)) {
		sniffed.binary = "the input looks like binary data, not like a log";
		return sniffed;
	}
	if (bs_str_starts(first, BS_LIT("\xef\xbb\xbf")))
		sniffed.mark_bytes += 3;
	if (has_cr_lines(first))
		sniffed.encoding = BS_ENCODING_UTF8_CR;
	return sniffed;
}
