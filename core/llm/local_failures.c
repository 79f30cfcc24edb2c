// SPDX-License-Identifier: MIT
// From findings to failures: a test's header, its assertion, its place and its line in the list of
// failed tests are four lines of a log and one failure.
#include "core/llm/local_failures.h"

#define LINES_NEAR 30 // how far apart lines about one failure may stand
#define ANCHORS_MAX 4 // places of the log that speak of one failure
#define DRAFTS_MAX (4 * BS_FAILURES_MAX)
#define PEER_WEIGHT 5  // rules of almost equal weight: the earlier line counts
#define ECHO_WEIGHT 30 // a rule that much weaker only repeats what the principal one said

struct draft {
	struct bs_failure failure;
	unsigned message_weight;
	uint64_t message_at; // where in the log it stands, 0: nowhere
	uint64_t anchors[ANCHORS_MAX];
	size_t anchors_count;
	struct draft *taken_by; // became a part of that one
	bool told;
};

struct drafts {
	struct draft items[DRAFTS_MAX];
	size_t count;
};

static bool is_cause(const struct bs_finding *finding)
{
	return finding->role == BS_ROLE_CAUSE;
}

const struct bs_finding *bs_local_principal(const struct bs_excerpt *excerpt)
{
	const struct bs_finding *best = NULL, *first = NULL;
	for (size_t i = 0; i < excerpt->findings_count && !best; i++)
		if (is_cause(&excerpt->findings[i]))
			best = &excerpt->findings[i];
	for (size_t i = 0; best && i < excerpt->findings_count; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		if (is_cause(finding) && finding->category == best->category &&
			finding->weight + PEER_WEIGHT >= best->weight &&
			(!first || finding->line_number < first->line_number))
			first = finding;
	}
	return first;
}

// --- identity

// "test_x" and "tests/a.py::test_x", "sums" and "cart › sums": the longer one ends with the
// shorter.
static bool is_same_name(struct bs_str a, struct bs_str b)
{
	struct bs_str longer = a.len > b.len ? a : b, shorter = a.len > b.len ? b : a;
	if (a.len == b.len)
		return bs_str_eq(a, b);
	return shorter.len > 0 && bs_str_ends(longer, shorter) &&
	       !bs_is_alnum(longer.ptr[longer.len - shorter.len - 1]);
}

// "src/a.c" and "/ci/app/src/a.c"
static bool is_same_file(struct bs_str a, struct bs_str b)
{
	return a.len && b.len && is_same_name(a, b);
}

static bool is_same_failure(const struct bs_failure *failure, const struct bs_finding *finding)
{
	if (failure->name.len && finding->name.len)
		return is_same_name(failure->name, finding->name);
	return !failure->name.len && !finding->name.len &&
	       is_same_file(failure->file, finding->file) && failure->line == finding->file_line;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static bool is_near(const struct draft *draft, uint64_t line)
{
	for (size_t i = 0; i < draft->anchors_count; i++) {
		if (distance(draft->anchors[i], line) <= LINES_NEAR)
			return true;
	}
	return false;
}

// --- putting together

static void take_message(struct draft *draft, struct bs_str message, unsigned weight, uint64_t line)
{
	bool better = weight > draft->message_weight ||
		      (weight == draft->message_weight && !draft->failure.message.len);
	if (!message.len || !better)
		return;
	draft->failure.message = message;
	draft->message_weight = weight;
	draft->message_at = line;
}

static void take_place(struct bs_failure *failure, struct bs_str file, uint64_t line)
{
	if (!failure->file.len) {
		failure->file = file;
		failure->line = line;
	} else if (!failure->line && is_same_file(failure->file, file)) {
		failure->line = line;
	}
}

static void add_anchor(struct draft *draft, uint64_t line)
{
	if (draft->anchors_count < ANCHORS_MAX)
		draft->anchors[draft->anchors_count++] = line;
}

static void merge(struct draft *draft, const struct bs_finding *finding)
{
	if (finding->name.len > draft->failure.name.len)
		draft->failure.name = finding->name;
	take_place(&draft->failure, finding->file, finding->file_line);
	take_message(draft, bs_str_trim(finding->message), finding->weight, finding->line_number);
	add_anchor(draft, finding->line_number);
}

static void add(struct drafts *drafts, const struct bs_finding *finding)
{
	for (size_t i = 0; i < drafts->count; i++) {
		if (is_same_failure(&drafts->items[i].failure, finding)) {
			merge(&drafts->items[i], finding);
			return;
		}
	}
	if (drafts->count == DRAFTS_MAX)
		return;
	drafts->items[drafts->count] = (struct draft){0};
	merge(&drafts->items[drafts->count++], finding);
}

static uint64_t distance_of(const struct draft *draft, uint64_t line)
{
	uint64_t nearest = UINT64_MAX;
	for (size_t i = 0; i < draft->anchors_count; i++)
		if (distance(draft->anchors[i], line) < nearest)
			nearest = distance(draft->anchors[i], line);
	return nearest;
}

// False when another failure with a name stands nearer to the line: what is said there is said of
// that one.
static bool is_owner(const struct drafts *drafts, const struct draft *draft, uint64_t line)
{
	for (size_t i = 0; i < drafts->count; i++)
		if (&drafts->items[i] != draft && !drafts->items[i].taken_by &&
			drafts->items[i].failure.name.len &&
			distance_of(&drafts->items[i], line) < distance_of(draft, line))
			return false;
	return true;
}

static void take_part(struct draft *whole, struct draft *part)
{
	take_place(&whole->failure, part->failure.file, part->failure.line);
	take_message(whole, part->failure.message, part->message_weight, part->message_at);
	part->taken_by = whole;
}

// "TestRound" beside "TestRound/up": a test fails because its subtest did.
static void adopt_parent(struct drafts *drafts, struct draft *child)
{
	struct bs_str name = child->failure.name;
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *parent = &drafts->items[i];
		struct bs_str prefix = parent->failure.name;
		if (parent == child || parent->taken_by || !prefix.len || prefix.len >= name.len ||
			!bs_str_starts(name, prefix) || name.ptr[prefix.len] != '/' ||
			!is_near(child, parent->anchors[0]))
			continue;
		add_anchor(child, parent->anchors[0]);
		take_part(child, parent);
	}
}

// A place or a message without a name, near a failure with a name: a part of it.
static void complete(struct drafts *drafts, struct draft *named)
{
	for (size_t i = 0; i < drafts->count; i++) {
		struct draft *part = &drafts->items[i];
		if (part == named || part->taken_by || part->failure.name.len ||
			!is_near(named, part->anchors[0]) ||
			!is_owner(drafts, named, part->anchors[0]))
			continue;
		take_part(named, part);
	}
}

// Code that failed builds do not own: a stack's frames there are not the place to look.
static bool is_library(struct bs_str file)
{
	static const char *const marks[] = {"node_modules/", "node:", "site-packages/",
		"dist-packages/", "/usr/", "/rustc/", "/go/src/", "vendor/", "/.cargo/", "/gems/",
		"<frozen", "internal/modules"};
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (bs_str_has(file, bs_str_c(marks[i])))
			return true;
	return false;
}

// The line nearest to the failure's message that names a place: a frame of its stack, the
// compiler's arrow.
static const struct bs_finding *nearest_place(
	const struct bs_excerpt *excerpt, const struct drafts *drafts, const struct draft *draft)
{
	const struct bs_finding *nearest = NULL;
	uint64_t at = draft->message_at ? draft->message_at : draft->anchors[0];
	for (size_t i = 0; i < excerpt->findings_count; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		bool foreign = finding->name.len && draft->failure.name.len &&
			       !is_same_name(finding->name, draft->failure.name);
		if (!finding->file.len || foreign || is_library(finding->file) ||
			!is_near(draft, finding->line_number) ||
			!is_owner(drafts, draft, finding->line_number))
			continue;
		if (!nearest ||
			distance(finding->line_number, at) < distance(nearest->line_number, at))
			nearest = finding;
	}
	return nearest;
}

// What only a name or a message is known of takes the rest from lines beside it.
static void borrow(
	const struct bs_excerpt *excerpt, const struct drafts *drafts, struct draft *draft)
{
	const struct bs_finding *place = nearest_place(excerpt, drafts, draft);
	if (place && (!draft->failure.file.len || !draft->failure.line))
		take_place(&draft->failure, place->file, place->file_line);
	for (size_t i = 0; i < excerpt->findings_count && !draft->failure.message.len; i++) {
		const struct bs_finding *finding = &excerpt->findings[i];
		if (is_cause(finding) && !finding->name.len &&
			is_near(draft, finding->line_number) &&
			is_owner(drafts, draft, finding->line_number))
			take_message(draft, bs_str_trim(finding->message), finding->weight,
				finding->line_number);
	}
}

static bool is_worth_naming(const struct bs_finding *finding, const struct bs_finding *principal)
{
	return is_cause(finding) && finding->weight + ECHO_WEIGHT >= principal->weight;
}

static struct bs_failure tell(const struct bs_excerpt *excerpt, const struct drafts *drafts,
	const struct bs_finding *principal, struct draft *draft)
{
	draft->told = true;
	borrow(excerpt, drafts, draft);
	if (!draft->failure.message.len && !draft->failure.name.len)
		draft->failure.message = bs_str_trim(principal->text);
	return draft->failure;
}

// What borrowing made equal is one failure.
static bool is_told(const struct bs_failure *told, size_t count, const struct bs_failure *failure)
{
	for (size_t i = 0; i < count; i++)
		if (bs_str_eq(told[i].name, failure->name) &&
			bs_str_eq(told[i].file, failure->file) && told[i].line == failure->line &&
			bs_str_eq(told[i].message, failure->message))
			return true;
	return false;
}

size_t bs_local_failures(const struct bs_excerpt *excerpt, const struct bs_finding *principal,
	struct bs_failure *ret_failures)
{
	struct drafts drafts = {.count = 0};
	size_t count = 0;
	add(&drafts, principal);
	for (size_t i = 0; i < excerpt->findings_count; i++)
		if (&excerpt->findings[i] != principal &&
			is_worth_naming(&excerpt->findings[i], principal))
			add(&drafts, &excerpt->findings[i]);
	for (size_t i = 0; i < drafts.count; i++)
		adopt_parent(&drafts, &drafts.items[i]);
	for (size_t i = 0; i < drafts.count; i++)
		if (drafts.items[i].failure.name.len && !drafts.items[i].taken_by)
			complete(&drafts, &drafts.items[i]);
	struct draft *first = drafts.items[0].taken_by ? drafts.items[0].taken_by
						       : &drafts.items[0];
	ret_failures[count++] = tell(excerpt, &drafts, principal, first);
	for (size_t i = 0; i < drafts.count && count < BS_FAILURES_MAX; i++) {
		struct draft *draft = &drafts.items[i];
		if (draft->told || draft->taken_by ||
			(!draft->failure.name.len && !draft->failure.file.len))
			continue;
		ret_failures[count] = tell(excerpt, &drafts, principal, draft);
		count += !is_told(ret_failures, count, &ret_failures[count]);
	}
	return count;
}
