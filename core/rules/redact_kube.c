// SPDX-License-Identifier: MIT
// Kubernetes Secrets: kubectl writes the keys of a document by the alphabet, so data comes before
// kind.
#include "core/rules/redact_kube.h"

#include "core/rules/redact_judge.h"

#define KIND "kubernetes-secret"
#define LINES_MAX 64      // data waits no longer than this for its kind
#define VALUE_BYTES_MIN 9 // base64 of six bytes, the floor of a secret, has eight characters

const char *const bs_kube_words[] = {
	"data:", "data\":", "kind:", "kind\":", "apiVersion", "stringData", NULL};

struct row {
	size_t indent;
	struct bs_str key, value; // without quotes; key.len == 0: no pair
};

static struct bs_str unquote(struct bs_str s)
{
	s = bs_str_trim(s);
	while (s.len > 0 && s.ptr[s.len - 1] == ',')
		s.len--;
	if (s.len >= 2 && (s.ptr[0] == '"' || s.ptr[0] == '\'') && s.ptr[s.len - 1] == s.ptr[0])
		s = bs_str_sub(s, 1, s.len - 2);
	return s;
}

static struct row read_row(struct bs_str text)
{
	struct row row = {.indent = 0};
	while (row.indent < text.len && bs_is_space(text.ptr[row.indent]))
		row.indent++;
	struct bs_str rest = bs_str_from(text, row.indent), key;
	row.value = unquote(rest);
	size_t colon = bs_str_find_char(rest, ':');
	if (colon == SIZE_MAX)
		return row;
	key = unquote(bs_str_sub(rest, 0, colon));
	for (size_t i = 0; i < key.len; i++) {
		if (!bs_is_alnum(key.ptr[i]) && !strchr("._-/", key.ptr[i]))
			return row;
	}
	row.key = key;
	row.value = unquote(bs_str_from(rest, colon + 1));
	return row;
}

static void reset(struct bs_kube *kube)
{
	kube->known = kube->secret = kube->in_data = false;
	kube->values_count = 0;
	kube->lines = 0;
}

static void settle(struct bs_kube *kube, struct bs_hold *hold, bool secret)
{
	kube->known = true;
	kube->secret = secret;
	kube->lines = 0;
	for (size_t i = 0; secret && i < kube->values_count; i++) {
		struct bs_kube_value value = kube->values[i];
		bs_hold_mark(hold, value.seq, value.from, value.to, KIND, 0);
	}
	kube->values_count = 0;
	kube->in_data = kube->in_data && secret;
}

static void take_value(
	struct bs_kube *kube, struct bs_hold *hold, uint64_t seq, struct bs_str value)
{
	if (value.len < VALUE_BYTES_MIN || bs_judge_placeholder(value))
		return;
	size_t from = (size_t)(value.ptr - bs_hold_text(hold, seq).ptr);
	if (kube->known)
		bs_hold_mark(hold, seq, from, from + value.len, KIND, 0);
	else if (kube->values_count < BS_KUBE_VALUES_MAX && bs_hold_has_room(hold))
		kube->values[kube->values_count++] = (struct bs_kube_value){
			seq, from, from + value.len};
	else
		settle(kube, hold, true); // too much to wait for: better hidden than sent
}

bool bs_kube_is_idle(const struct bs_kube *kube)
{
	return !kube->in_data && kube->values_count == 0;
}

uint64_t bs_kube_take(struct bs_kube *kube, struct bs_hold *hold, uint64_t seq, bool has_word)
{
	if (!has_word && bs_kube_is_idle(kube))
		return BS_HOLD_NONE;
	struct bs_str text = bs_hold_text(hold, seq);
	struct row row = read_row(text);
	if (bs_str_eq_c(bs_str_trim(text), "---") || bs_str_eq_c(row.key, "apiVersion") ||
		++kube->lines > LINES_MAX) {
		reset(kube);
	} else if (bs_str_eq_c(row.key, "kind")) {
		settle(kube, hold, bs_str_ieq(row.value, BS_LIT("secret")));
	} else if ((bs_str_eq_c(row.key, "data") || bs_str_eq_c(row.key, "stringData")) &&
		   (row.value.len == 0 || bs_str_eq_c(row.value, "{"))) {
		kube->in_data = !kube->known || kube->secret;
		kube->indent = row.indent;
		if (kube->in_data && kube->values_count == 0)
			kube->held_from = seq;
	} else if (kube->in_data && row.indent <= kube->indent && bs_str_trim(text).len > 0) {
		kube->in_data = false;
	} else if (kube->in_data && !bs_str_starts(row.value, BS_LIT("#"))) {
		take_value(kube, hold, seq, row.value);
	}
	bool waits = !kube->known && (kube->values_count > 0 || kube->in_data);
	return waits ? kube->held_from : BS_HOLD_NONE;
}
