// SPDX-License-Identifier: MIT
// Names that change from run to run: ids, hashes, made-up names, folders, places in a file.
#include "core/rules/stable_own.h"

#define HASH_BYTES_MIN 7   // an abbreviated commit id
#define PART_BYTES_MIN 10  // a hash as one part of a_name_with_lines
#define NUMBER_BYTES_MIN 5 // process ids, ports, times since 1970
#define RANDOM_BYTES_MIN 8 // of a word that changes between letters and digits …
#define RANDOM_TURNS_MIN 3 // … this often
#define PYTHON_TMP_BYTES 8 // behind "tmp", by Python's tempfile
#define MKTEMP_BYTES 10    // behind "tmp.", by mktemp
#define POD_BYTES 5        // of the random end of a pod's name

static bool is_hex(char c)
{
	return bs_is_digit(c) || (bs_lower(c) >= 'a' && bs_lower(c) <= 'f');
}

size_t bs_stable_uuid(struct bs_stable_place p)
{
	static const size_t parts[] = {8, 4, 4, 4, 12};
	size_t n = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (i > 0 && bs_stable_at(p.rest, n++) != '-')
			return 0;
		if (bs_stable_count(bs_str_from(p.rest, n), is_hex) != parts[i])
			return 0;
		n += parts[i];
	}
	return n;
}

// --- words

static bool is_hash(struct bs_str s, size_t bytes_min)
{
	if (bs_str_starts(s, BS_LIT("0x")) && s.len > 2)
		return true;
	bool digits = false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_hex(s.ptr[i]))
			return false;
		digits = digits || bs_is_digit(s.ptr[i]);
	}
	return digits && s.len >= bytes_min;
}

static bool is_random(struct bs_str s)
{
	size_t turns = 0;
	for (size_t i = 1; i < s.len; i++) {
		if (!bs_is_alnum(s.ptr[i]))
			return false;
		turns += bs_is_digit(s.ptr[i]) != bs_is_digit(s.ptr[i - 1]);
	}
	return s.len >= RANDOM_BYTES_MIN && turns >= RANDOM_TURNS_MIN;
}

// The names that mktemp, Python's tempfile, pytest-xdist and Kubernetes make up.
static bool has_made_up_form(struct bs_stable_place p, struct bs_str s)
{
	static const char pod_letters[] = "bcdfghjklmnpqrstvwxz2456789";
	if (bs_str_starts(s, BS_LIT("tmp")) && s.len == strlen("tmp") + PYTHON_TMP_BYTES)
		return true;
	if (bs_str_ends(p.before, BS_LIT("tmp.")) && s.len == MKTEMP_BYTES)
		return true;
	if (bs_str_starts(s, BS_LIT("gw")) && s.len > 2 && s.len <= 4)
		return bs_stable_count(bs_str_from(s, 2), bs_is_digit) == s.len - 2;
	if (s.len != POD_BYTES || !bs_str_ends(p.written, BS_LIT("#-")))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!memchr(pod_letters, s.ptr[i], sizeof(pod_letters) - 1))
			return false;
	return true;
}

size_t bs_stable_random_word(struct bs_stable_place p)
{
	size_t n = bs_stable_count(p.rest, bs_stable_is_word);
	struct bs_str word = bs_str_sub(p.rest, 0, n);
	bool digits = bs_stable_count(word, bs_is_digit) == n;
	if (digits ? n >= NUMBER_BYTES_MIN : is_hash(word, HASH_BYTES_MIN))
		return n;
	return is_random(word) || has_made_up_form(p, word) ? n : 0;
}

// One part of a_word_with_lines.
size_t bs_stable_random_part(struct bs_stable_place p)
{
	size_t n = bs_stable_count(p.rest, bs_is_alnum);
	return is_hash(bs_str_sub(p.rest, 0, n), PART_BYTES_MIN) ? n : 0;
}

// --- places

// ":12:5", "[18,58]", "(3,4)" right behind "name.ext".
size_t bs_stable_position(struct bs_stable_place p)
{
	struct bs_str before = p.before;
	size_t letters = bs_stable_letters_before(before), n = 0;
	if (letters < 1 || letters > 5 || letters + 1 >= before.len ||
		before.ptr[before.len - 1 - letters] != '.')
		return 0;
	while (n < 2 && bs_stable_at(p.rest, n) && strchr(":([", bs_stable_at(p.rest, n)))
		n++;
	if (n == 0 || !bs_is_digit(bs_stable_at(p.rest, n)))
		return 0;
	while (bs_is_digit(bs_stable_at(p.rest, n)) ||
		(bs_stable_at(p.rest, n) && strchr(":,)]", bs_stable_at(p.rest, n))))
		n++;
	return n;
}

static bool is_path(char c)
{
	return bs_stable_is_word(c) || (c && strchr("/\\.-+@~%=", c)) || ((unsigned char)c & 0x80);
}

static bool is_temporary(struct bs_str part)
{
	return bs_str_ieq(part, BS_LIT("tmp")) || bs_str_ieq(part, BS_LIT("temp"));
}

// Of an absolute path's bytes those before its last part; all of them for what lies directly in a
// folder for temporary files, where names are made up.
static size_t folder(struct bs_str path)
{
	size_t from = 0;
	bool is_made_up = false;
	for (size_t i = 0; i < path.len; i++) {
		if (path.ptr[i] != '/' && path.ptr[i] != '\\')
			continue;
		is_made_up = is_temporary(bs_str_sub(path, from, i - from));
		from = i + 1;
	}
	return is_made_up ? path.len : from;
}

size_t bs_stable_folder(struct bs_stable_place p)
{
	size_t drive = bs_is_alpha(bs_stable_at(p.rest, 0)) && bs_stable_at(p.rest, 1) == ':' ? 2
											      : 0;
	if (bs_str_starts(p.rest, BS_LIT("file://")))
		drive = strlen("file://");
	char slash = bs_stable_at(p.rest, drive), next = bs_stable_at(p.rest, drive + 1);
	if ((slash != '/' && (slash != '\\' || !drive)) ||
		!(bs_stable_is_word(next) || next == '.'))
		return 0;
	if (bs_stable_last(p.before) && strchr("/\\.:~", bs_stable_last(p.before)) &&
		slash == '/' && !drive && bs_stable_last(p.before) != ':')
		return 0;
	size_t n = drive + bs_stable_count(bs_str_from(p.rest, drive), is_path);
	while (n > 0 && (p.rest.ptr[n - 1] == '/' || p.rest.ptr[n - 1] == '.'))
		n--;
	return n > drive ? folder(bs_str_sub(p.rest, 0, n)) : 0;
}

// "./" and "../" before a path.
size_t bs_stable_here(struct bs_stable_place p)
{
	size_t n = 0;
	while (bs_str_starts(bs_str_from(p.rest, n), BS_LIT("./")) ||
		bs_str_starts(bs_str_from(p.rest, n), BS_LIT("../")))
		n += bs_stable_at(p.rest, n + 1) == '/' ? 2 : 3;
	return n;
}
