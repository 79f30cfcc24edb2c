// SPDX-License-Identifier: MIT
// What kind of bytes an input is, told from its first BS_SNIFF_BYTES.
#ifndef BS_TEXT_SNIFF_H
#define BS_TEXT_SNIFF_H

#include "core/base/str.h"

enum bs_encoding {
	BS_ENCODING_UTF8,     // or near it: anything that is not one of the others
	BS_ENCODING_UTF8_CR,  // lines end with '\r' alone
	BS_ENCODING_UTF16_LE, //
	BS_ENCODING_UTF16_BE, //
};

struct bs_sniffed {
	enum bs_encoding encoding;
	size_t mark_bytes;  // of a hole and a byte order mark to leave out
	const char *binary; // not NULL: it is no text; a hint to print
};

struct bs_sniffed bs_sniff(struct bs_str first);

#endif
