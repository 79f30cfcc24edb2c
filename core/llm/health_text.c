// SPDX-License-Identifier: MIT
// Health as text: a line an entry, its numbers in the order of the tables below, a checksum last.
#include <inttypes.h>
#include <stdlib.h>

#include "core/llm/health.h"

#define FIRST_LINE "buildsum-health "
#define VERSION 4
#define TIME_MS_MAX (INT64_C(1) << 45) // the year 3084
#define NUMBER_BYTES 24

// `count` numbers of eight bytes at an offset. max 0: any 64 bits, written in hexadecimal.
struct number {
	size_t offset, count;
	int64_t max;
};

#define AT(type, field) \
	offsetof(struct type, field), sizeof(((struct type *)0)->field) / sizeof(int64_t)

static const struct number host_numbers[] = {
	{AT(bs_health, salt), 0},
	{AT(bs_health, saved_ms), TIME_MS_MAX},
	{AT(bs_health, retry_tenths), BS_HEALTH_RETRY_TENTHS_MAX},
	{AT(bs_health, hedge_tenths), BS_HEALTH_HEDGE_TENTHS_MAX},
	{0},
};

static const struct number route_numbers[] = {
	{AT(bs_health_route, id), 0},
	{AT(bs_health_route, touched_ms), TIME_MS_MAX},
	{AT(bs_health_route, breaker.failed_ms), TIME_MS_MAX},
	{AT(bs_health_route, breaker.window_minute), TIME_MS_MAX},
	{AT(bs_health_route, breaker.window_calls), BS_BREAKER_COUNT_MAX},
	{AT(bs_health_route, breaker.window_halves), 2 * BS_BREAKER_COUNT_MAX},
	{AT(bs_health_route, breaker.outage_ms), TIME_MS_MAX},
	{AT(bs_health_route, breaker.open_until_ms), TIME_MS_MAX},
	{AT(bs_health_route, breaker.openings), BS_BREAKER_COUNT_MAX},
	{AT(bs_health_route, breaker.lease_until_ms), TIME_MS_MAX},
	{AT(bs_health_route, breaker.lease_run), 0},
	{AT(bs_health_route, gone_until_ms), TIME_MS_MAX},
	{AT(bs_health_route, refused_modes), (1 << BS_SCHEMA_MODE_COUNT) - 1},
	{AT(bs_health_route, refused_until_ms), TIME_MS_MAX},
	{AT(bs_health_route, dropped), BS_PARAMS_ALL},
	{AT(bs_health_route, output_tokens_max), 2 * BS_OUTPUT_TOKENS},
	{AT(bs_health_route, dropped_until_ms), TIME_MS_MAX},
	{AT(bs_health_route, failed_as), BS_OUTCOME_COUNT - 1},
	{AT(bs_health_route, first_token_ms), BS_HEALTH_SAMPLE_MS_MAX},
	{0},
};

static const struct number key_numbers[] = {
	{AT(bs_health_key, id), 0},
	{AT(bs_health_key, touched_ms), TIME_MS_MAX},
	{AT(bs_health_key, cold_until_ms), TIME_MS_MAX},
	{AT(bs_health_key, dead_until_ms), TIME_MS_MAX},
	{AT(bs_health_key, dead_as), BS_OUTCOME_COUNT - 1},
	{0},
};

// --- writing

static void print_line(
	const char *word, const struct number *numbers, const void *entry, struct bs_buf *out)
{
	bs_buf_add_c(out, word);
	for (const struct number *n = numbers; n->count; n++)
		for (size_t i = 0; i < n->count; i++) {
			int64_t number;
			memcpy(&number, (const char *)entry + n->offset + i * sizeof(number),
				sizeof(number));
			if (n->max)
				bs_buf_addf(out, " %" PRId64, number);
			else
				bs_buf_addf(out, " %" PRIx64, (uint64_t)number);
		}
	bs_buf_add_char(out, '\n');
}

void bs_health_print(const struct bs_health *health, struct bs_buf *out)
{
	size_t begin = out->len;
	bs_buf_addf(out, FIRST_LINE "%d\n", VERSION);
	print_line("host", host_numbers, health, out);
	for (size_t i = 0; i < health->routes_count; i++)
		print_line("route", route_numbers, &health->routes[i], out);
	for (size_t i = 0; i < health->keys_count; i++)
		print_line("key", key_numbers, &health->keys[i], out);
	uint64_t sum = bs_str_hash(bs_str_from(bs_buf_str(out), begin), 0);
	bs_buf_addf(out, "sum %" PRIx64 "\n", sum);
}

// --- reading

static bool read_hex(struct bs_str text, uint64_t *ret_number)
{
	uint64_t number = 0;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool digit = bs_is_digit(c);
		if (!digit && (c < 'a' || c > 'f'))
			return false;
		number = number << 4 | (uint64_t)(digit ? c - '0' : c - 'a' + 10);
	}
	*ret_number = number;
	return text.len > 0 && text.len <= 16;
}

static bool read_number(struct bs_str *line, int64_t max, int64_t *ret_number)
{
	struct bs_str word;
	uint64_t number = 0;
	if (!bs_str_split(line, ' ', &word))
		return false;
	if (max ? !bs_str_to_u64(word, &number) || number > (uint64_t)max
		: !read_hex(word, &number))
		return false;
	*ret_number = (int64_t)number;
	return true;
}

// All numbers and nothing after them.
static bool read_line(struct bs_str line, const struct number *numbers, void *entry)
{
	for (const struct number *n = numbers; n->count; n++)
		for (size_t i = 0; i < n->count; i++) {
			int64_t number = 0;
			if (!read_number(&line, n->max, &number))
				return false;
			memcpy((char *)entry + n->offset + i * sizeof(number), &number,
				sizeof(number));
		}
	return line.len == 0;
}

static bool read_entry(struct bs_health *health, struct bs_str line)
{
	struct bs_str word;
	(void)bs_str_split(&line, ' ', &word);
	if (bs_str_eq_c(word, "route"))
		return health->routes_count < BS_HEALTH_ROUTES_MAX &&
		       read_line(line, route_numbers, &health->routes[health->routes_count++]);
	return bs_str_eq_c(word, "key") && health->keys_count < BS_HEALTH_KEYS_MAX &&
	       read_line(line, key_numbers, &health->keys[health->keys_count++]);
}

// Takes the last line off *text when it is the checksum of what stands before it.
static bool take_sum(struct bs_str *text)
{
	uint64_t sum = 0;
	struct bs_str rest = *text, word;
	if (!bs_str_ends(rest, BS_LIT("\n")))
		return false;
	size_t end = rest.len - 1, begin = end;
	while (begin > 0 && rest.ptr[begin - 1] != '\n')
		begin--;
	struct bs_str line = bs_str_sub(rest, begin, end - begin);
	if (!bs_str_split(&line, ' ', &word) || !bs_str_eq_c(word, "sum") || !read_hex(line, &sum))
		return false;
	*text = bs_str_sub(rest, 0, begin);
	return sum == bs_str_hash(*text, 0);
}

enum bs_status bs_health_parse(struct bs_str text, struct bs_health *ret_health, struct bs_err *err)
{
	struct bs_str line, first = bs_str_sub(text, 0, bs_str_find_char(text, '\n'));
	uint64_t version = 0;
	if (!bs_str_starts(first, BS_LIT(FIRST_LINE)) ||
		!bs_str_to_u64(bs_str_from(first, strlen(FIRST_LINE)), &version))
		return bs_fail(err, BS_FORMAT, "is not a health file");
	if (version != VERSION)
		return bs_fail(err, BS_FORMAT, "was written by another version");
	if (text.len > BS_HEALTH_BYTES_MAX || !take_sum(&text))
		return bs_fail(err, BS_FORMAT, "is damaged");
	struct bs_health *fresh = calloc(1, sizeof(*fresh));
	if (!fresh)
		return bs_fail_nomem(err);
	text = bs_str_from(text, first.len + 1);
	bool good = bs_str_split(&text, '\n', &line) && bs_str_starts(line, BS_LIT("host ")) &&
		    read_line(bs_str_from(line, strlen("host ")), host_numbers, fresh);
	while (good && text.len && bs_str_split(&text, '\n', &line))
		good = read_entry(fresh, line);
	if (good)
		*ret_health = *fresh;
	free(fresh);
	return good ? BS_OK : bs_fail(err, BS_FORMAT, "is damaged");
}
