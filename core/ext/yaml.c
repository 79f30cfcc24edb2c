// SPDX-License-Identifier: MIT
// libyaml's events → a small tree, with everything refused that a settings file does not need.
//
// The event API, not the document loader: the loader of libyaml 0.2.5 follows aliases into cycles
// and takes quadratic time for deep nesting and for anchors. A depth over the ceiling ends the
// parse at that event.
#include "core/ext/yaml.h"

#include <yaml.h>

// A mapping or sequence that is still open.
struct level {
	struct bs_yaml_node *node;
	struct bs_yaml_node *last;    // its last child
	struct bs_yaml_node *pending; // in a mapping: the child whose key is read, value to come
};

struct parse {
	const char *name;
	struct bs_str text;
	struct bs_arena *arena;
	struct bs_err *err;
	struct bs_yaml_node *root;
	struct level levels[BS_YAML_DEPTH_MAX];
	size_t depth;
	size_t events;
	bool ended;
	yaml_mark_t end; // of the text
};

// The place of a byte, by the line breaks that libyaml knows (YAML 1.1, 5.4).
static yaml_mark_t mark_of(struct bs_str text, size_t offset)
{
	static const struct bs_str breaks[] = {{"\r\n", 2}, {"\n", 1}, {"\r", 1}, {"\xC2\x85", 2},
		{"\xE2\x80\xA8", 3}, {"\xE2\x80\xA9", 3}};
	yaml_mark_t mark = {0};
	for (size_t i = 0; i < offset && i < text.len;) {
		size_t width = 0;
		for (size_t b = 0; b < sizeof(breaks) / sizeof(breaks[0]) && !width; b++)
			if (bs_str_starts(bs_str_from(text, i), breaks[b]))
				width = breaks[b].len;
		if (width) {
			mark.line++;
			mark.column = 0;
		} else {
			width = 1;
			mark.column += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
		}
		i += width;
	}
	return mark;
}

// A place as people count. libyaml puts the end of a text on a line of its own, which the file may
// not have.
struct place {
	unsigned line, column;
};

static struct place place_of(const struct parse *p, yaml_mark_t mark)
{
	if (mark.line > p->end.line)
		mark = p->end;
	return (struct place){(unsigned)mark.line + 1, (unsigned)mark.column + 1};
}

static enum bs_status refuse_mark(
	struct parse *p, yaml_mark_t mark, enum bs_status status, const char *what)
{
	struct place place = place_of(p, mark);
	return bs_fail(p->err, status, "%s:%u:%u: %s", p->name, place.line, place.column, what);
}

// libyaml counts characters, not bytes.
static bool is_tab(const struct parse *p, yaml_mark_t mark)
{
	struct bs_str rest = p->text, line = {0};
	for (size_t i = 0; i <= mark.line; i++)
		if (!bs_str_split(&rest, '\n', &line))
			return false;
	size_t before = bs_str_clip_chars(line, mark.column).len;
	return before < line.len && line.ptr[before] == '\t';
}

// Says what libyaml found, at its place.
static enum bs_status refuse_parser(struct parse *p, const yaml_parser_t *parser)
{
	const char *problem = parser->problem ? parser->problem : "not YAML";
	if (parser->error == YAML_MEMORY_ERROR)
		return bs_fail_nomem(p->err);
	if (parser->error == YAML_READER_ERROR) // the mark runs behind the reader: count ourselves
		return refuse_mark(p, mark_of(p->text, parser->problem_offset), BS_FORMAT, problem);
	yaml_mark_t mark = parser->problem_mark;
	if (is_tab(p, mark))
		return refuse_mark(p, mark, BS_FORMAT, "a tab; expected spaces for indentation");
	if (!parser->context)
		return refuse_mark(p, mark, BS_FORMAT, problem);
	struct place place = place_of(p, mark);
	return bs_fail(p->err, BS_FORMAT, "%s:%u:%u: %s %s that begins on line %u", p->name,
		place.line, place.column, problem, parser->context,
		place_of(p, parser->context_mark).line);
}

// A fresh child of the open collection, or the value whose key stands already.
static struct bs_yaml_node *next_node(struct parse *p)
{
	struct level *level = p->depth ? &p->levels[p->depth - 1] : NULL;
	if (level && level->pending) {
		struct bs_yaml_node *value = level->pending;
		level->pending = NULL;
		return value;
	}
	struct bs_yaml_node *node = BS_NEW(p->arena, struct bs_yaml_node);
	if (!node)
		return NULL;
	if (!level) {
		p->root = node;
		return node;
	}
	if (level->last)
		level->last->next = node;
	else
		level->node->first = node;
	level->last = node;
	level->node->count++;
	return node;
}

// True while the next node of the innermost mapping is a key.
static bool key_is_due(const struct parse *p)
{
	const struct level *level = p->depth ? &p->levels[p->depth - 1] : NULL;
	return level && level->node->type == BS_YAML_MAPPING && !level->pending;
}

static enum bs_status take_key(struct parse *p, struct bs_str key, yaml_mark_t mark)
{
	struct level *level = &p->levels[p->depth - 1];
	struct place place = place_of(p, mark);
	for (const struct bs_yaml_node *n = level->node->first; n; n = n->next)
		if (bs_str_eq(n->key, key))
			return bs_fail(p->err, BS_FORMAT,
				"%s:%u:%u: this key stands already on line %u; expected each key "
				"once",
				p->name, place.line, place.column, n->key_line);
	struct bs_yaml_node *node = next_node(p);
	struct bs_str copy = bs_arena_str(p->arena, key);
	if (!node || !copy.ptr)
		return bs_fail_nomem(p->err);
	node->key = copy;
	node->key_line = place.line;
	node->key_column = place.column;
	level->pending = node;
	return BS_OK;
}

static enum bs_status take_scalar(struct parse *p, const yaml_event_t *event)
{
	struct bs_str text = bs_str(
		(const char *)event->data.scalar.value, event->data.scalar.length);
	if (event->data.scalar.anchor || event->data.scalar.tag)
		return refuse_mark(p, event->start_mark, BS_FORMAT,
			"an anchor or tag; expected a plain value");
	if (key_is_due(p))
		return take_key(p, text, event->start_mark);
	struct bs_yaml_node *node = next_node(p);
	struct bs_str copy = bs_arena_str(p->arena, text);
	if (!node || !copy.ptr)
		return bs_fail_nomem(p->err);
	node->type = BS_YAML_SCALAR;
	node->text = copy;
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	struct place place = place_of(p, event->start_mark);
	node->line = place.line;
	node->column = place.column;
	return BS_OK;
}

static enum bs_status open_collection(
	struct parse *p, enum bs_yaml_type type, bool decorated, yaml_mark_t mark)
{
	struct place place = place_of(p, mark);
	if (decorated)
		return refuse_mark(
			p, mark, BS_FORMAT, "an anchor or tag; expected a plain mapping or list");
	if (key_is_due(p))
		return refuse_mark(
			p, mark, BS_FORMAT, "a mapping or list as a key; expected a name");
	if (p->depth == BS_YAML_DEPTH_MAX)
		return bs_fail(p->err, BS_LIMIT,
			"%s:%u:%u: nested too deeply; expected at most %d levels", p->name,
			place.line, place.column, BS_YAML_DEPTH_MAX);
	struct bs_yaml_node *node = next_node(p);
	if (!node)
		return bs_fail_nomem(p->err);
	node->type = type;
	node->line = place.line;
	node->column = place.column;
	p->levels[p->depth++] = (struct level){.node = node};
	return BS_OK;
}

static enum bs_status take_event(struct parse *p, const yaml_event_t *event)
{
	yaml_mark_t mark = event->start_mark;
	struct place place = place_of(p, mark);
	if (++p->events > BS_YAML_EVENTS_MAX)
		return bs_fail(p->err, BS_LIMIT, "%s:%u:%u: too much; expected at most %d nodes",
			p->name, place.line, place.column, BS_YAML_EVENTS_MAX);
	switch (event->type) {
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return BS_OK;
	case YAML_STREAM_END_EVENT:
		p->ended = true;
		return BS_OK;
	case YAML_DOCUMENT_START_EVENT:
		if (p->root)
			return refuse_mark(
				p, mark, BS_FORMAT, "a second document; expected one document");
		return BS_OK;
	case YAML_ALIAS_EVENT:
		return refuse_mark(
			p, mark, BS_FORMAT, "an alias; expected the value itself, written out");
	case YAML_SCALAR_EVENT:
		return take_scalar(p, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_collection(p, BS_YAML_SEQUENCE,
			event->data.sequence_start.anchor || event->data.sequence_start.tag, mark);
	case YAML_MAPPING_START_EVENT:
		return open_collection(p, BS_YAML_MAPPING,
			event->data.mapping_start.anchor || event->data.mapping_start.tag, mark);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		p->depth--;
		return BS_OK;
	}
	return refuse_mark(p, mark, BS_FORMAT, "not YAML");
}

// What libyaml would take and we do not want to hand to it.
static enum bs_status check_text(struct parse *p, size_t bytes_max)
{
	struct bs_str rest = p->text, line;
	if (p->text.len > bytes_max)
		return bs_fail(p->err, BS_LIMIT, "%s: has %zu bytes; expected at most %zu", p->name,
			p->text.len, bytes_max);
	if (bs_str_starts(p->text, BS_LIT("\xFF\xFE")) ||
		bs_str_starts(p->text, BS_LIT("\xFE\xFF")))
		return refuse_mark(p, mark_of(p->text, 0), BS_FORMAT, "UTF-16; expected UTF-8");
	// a thousand %TAG lines are compared with each other before the first event
	while (bs_str_split(&rest, '\n', &line))
		if (line.len && line.ptr[0] == '%')
			return refuse_mark(p, mark_of(p->text, (size_t)(line.ptr - p->text.ptr)),
				BS_FORMAT, "a line that begins with '%'; expected no directives");
	return BS_OK;
}

static enum bs_status parse_events(struct parse *p)
{
	yaml_parser_t parser;
	yaml_event_t event;
	if (!yaml_parser_initialize(&parser))
		return bs_fail_nomem(p->err);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)(p->text.len ? p->text.ptr : ""), p->text.len);
	enum bs_status status = BS_OK;
	while (status == BS_OK && !p->ended) {
		if (yaml_parser_parse(&parser, &event)) {
			status = take_event(p, &event);
			yaml_event_delete(&event);
		} else {
			status = refuse_parser(p, &parser);
		}
	}
	yaml_parser_delete(&parser);
	return status;
}

enum bs_status bs_yaml_parse(const char *name, struct bs_str text, size_t bytes_max,
	struct bs_arena *arena, struct bs_yaml_node **ret_root, struct bs_err *err)
{
	if (bs_str_starts(text, BS_LIT("\xEF\xBB\xBF"))) // the mark some editors put first
		text = bs_str_from(text, 3);
	struct parse p = {.name = name, .text = text, .arena = arena, .err = err};
	p.end = mark_of(text, text.len < bytes_max ? text.len : bytes_max);
	enum bs_status status = check_text(&p, bytes_max);
	if (status == BS_OK)
		status = parse_events(&p);
	if (status != BS_OK)
		return status;
	// nothing at all, or nothing after "---"
	if (!p.root || (p.root->type == BS_YAML_SCALAR && !p.root->quoted && !p.root->text.len)) {
		p.root = BS_NEW(arena, struct bs_yaml_node);
		if (!p.root)
			return bs_fail_nomem(err);
		*p.root = (struct bs_yaml_node){.type = BS_YAML_MAPPING, .line = 1, .column = 1};
	}
	*ret_root = p.root;
	return BS_OK;
}

const struct bs_yaml_node *bs_yaml_get(const struct bs_yaml_node *mapping, const char *key)
{
	if (!mapping || mapping->type != BS_YAML_MAPPING)
		return NULL;
	for (const struct bs_yaml_node *node = mapping->first; node; node = node->next)
		if (bs_str_eq_c(node->key, key))
			return node;
	return NULL;
}

const char *bs_yaml_version(void)
{
	return yaml_get_version_string();
}
