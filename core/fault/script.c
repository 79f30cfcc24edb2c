// SPDX-License-Identifier: MIT
// Reads fault scripts line by line: servers, and which of their requests get what.
#include "core/fault/script.h"

// The next word of a line; quotes hold spaces together: header='A: b'. A word that begins with a
// hash begins a comment.
static struct bs_str next_word(struct bs_str *line)
{
	*line = bs_str_trim(*line);
	char quote = '\0';
	size_t len = 0;
	if (line->len && line->ptr[0] == '#')
		*line = bs_str_sub(*line, 0, 0);
	for (; len < line->len && (quote || !bs_is_space(line->ptr[len])); len++) {
		char c = line->ptr[len];
		if (quote == '"' && c == '\\' && len + 1 < line->len)
			len++;
		else if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '\'' || c == '"') && len && line->ptr[len - 1] == '=')
			quote = c;
	}
	struct bs_str word = bs_str_sub(*line, 0, len);
	*line = bs_str_from(*line, len);
	return word;
}

// "3", "2-4", "5+", "*".
static bool read_which(struct bs_str word, struct bs_fault_rule *rule)
{
	struct bs_str from = word;
	rule->from = 1;
	rule->to = UINT64_MAX;
	if (bs_str_eq_c(word, "*"))
		return true;
	if (bs_str_ends(word, BS_LIT("+")))
		return bs_str_to_u64(bs_str_sub(word, 0, word.len - 1), &rule->from);
	size_t dash = bs_str_find_char(word, '-');
	if (dash != SIZE_MAX)
		from = bs_str_sub(word, 0, dash);
	if (!bs_str_to_u64(from, &rule->from))
		return false;
	rule->to = rule->from;
	return dash == SIZE_MAX || bs_str_to_u64(bs_str_from(word, dash + 1), &rule->to);
}

const struct bs_fault_rule bs_fault_rule_ok = {.from = 1,
	.to = UINT64_MAX,
	.until_ms = -1,
	.key = -1,
	.latency_ms = -1,
	.interim = -1,
	.status = -1,
	.huge_header = -1,
	.slow_head = -1,
	.first_token_ms = -1,
	.ping_ms = -1,
	.gap_ms = -1,
	.drip = -1,
	.split = -1,
	.cut = -1,
	.stall = -1,
	.error_after = -1,
	.refuse_ms = -1};

static enum bs_status read_rule(struct bs_fault_reader *reader, struct bs_str line, size_t server,
	struct bs_fault_rule *rule, struct bs_err *err)
{
	*rule = bs_fault_rule_ok;
	rule->line = line;
	rule->server = server;
	struct bs_str word = next_word(&line);
	if (!read_which(word, rule))
		return bs_fail(err, BS_USAGE,
			"%s:%d: which requests? 3, 2-4, 5+ or *, not \"%.*s\"", reader->path,
			reader->line_number, BS_FMT(word));
	while ((word = next_word(&line)).len) {
		if (!bs_fault_word_apply(reader, word, rule))
			return bs_fail(err, BS_USAGE, "%s:%d: cannot read \"%.*s\"", reader->path,
				reader->line_number, BS_FMT(word));
	}
	return BS_OK;
}

// "server NAME [latency=T] [refuse]"
static enum bs_status read_server(struct bs_fault_reader *reader, struct bs_str line,
	struct bs_fault_script *script, struct bs_err *err)
{
	struct bs_str word = next_word(&line);
	struct bs_fault_script_server *server = &script->servers[script->servers_count];
	if (script->servers_count == BS_FAULT_SERVERS_MAX || !word.len ||
		word.len >= sizeof(server->name))
		return bs_fail(err, BS_USAGE, "%s:%d: server NAME, at most %d of them",
			reader->path, reader->line_number, BS_FAULT_SERVERS_MAX);
	*server = (struct bs_fault_script_server){.latency_ms = 0};
	memcpy(server->name, word.ptr, word.len);
	script->servers_count++;
	while ((word = next_word(&line)).len) {
		if (bs_str_eq_c(word, "refuse"))
			server->refuse = true;
		else if (!bs_str_starts(word, BS_LIT("latency=")) ||
			 !bs_fault_read_time(bs_str_from(word, 8), &server->latency_ms))
			return bs_fail(err, BS_USAGE, "%s:%d: cannot read \"%.*s\"", reader->path,
				reader->line_number, BS_FMT(word));
	}
	return BS_OK;
}

enum bs_status bs_fault_script_read(const char *path, struct bs_str text,
	struct bs_fault_script *ret_script, struct bs_err *err)
{
	struct bs_fault_script *script = ret_script;
	*script = (struct bs_fault_script){.servers_count = 0};
	bs_arena_init(&script->arena, BS_RUN_ARENA_BYTES_MAX);
	struct bs_fault_reader reader = {&script->arena, path, 0};
	text = bs_arena_str(&script->arena, text); // rules borrow from it
	script->rules = BS_NEW_ARRAY(&script->arena, struct bs_fault_rule, BS_FAULT_RULES_MAX);
	enum bs_status status = script->rules && text.ptr ? BS_OK : bs_fail_nomem(err);
	struct bs_str line;
	while (status == BS_OK && bs_str_split(&text, '\n', &line)) {
		reader.line_number++;
		line = bs_str_trim(line);
		if (!line.len || line.ptr[0] == '#')
			continue;
		struct bs_str rest = line;
		if (bs_str_eq_c(next_word(&rest), "server")) {
			status = read_server(&reader, rest, script, err);
			continue;
		}
		if (!script->servers_count) // a script for one server needs no name
			status = read_server(&reader, BS_LIT("a"), script, err);
		if (status == BS_OK && script->rules_count == BS_FAULT_RULES_MAX)
			status = bs_fail(
				err, BS_USAGE, "%s: more than %d lines", path, BS_FAULT_RULES_MAX);
		if (status == BS_OK)
			status = read_rule(&reader, line, script->servers_count - 1,
				&script->rules[script->rules_count++], err);
	}
	if (status == BS_OK && !script->servers_count)
		status = read_server(&reader, BS_LIT("a"), script, err);
	if (status != BS_OK)
		bs_fault_script_release(script);
	return status;
}

void bs_fault_script_release(struct bs_fault_script *script)
{
	bs_arena_release(&script->arena);
}
