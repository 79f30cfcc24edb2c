// SPDX-License-Identifier: MIT
// What the fault server writes down: one JSON line a request, and the requests as they came.
#include "core/ext/json.h"
#include "core/fault/parts.h"

static void put_number(struct bs_json_writer *w, const char *key, int64_t number)
{
	bs_json_put_key(w, key);
	bs_json_put_i64(w, number);
}

static void put_text(struct bs_json_writer *w, const char *key, struct bs_str text)
{
	bs_json_put_key(w, key);
	bs_json_put_str(w, text);
}

void bs_fault_record_write(FILE *log, const struct bs_fault_record *record,
	const struct bs_fault_request *request, const struct bs_fault_rule *rule)
{
	if (!log)
		return;
	struct bs_buf line;
	struct bs_json_writer w;
	char tag[9];
	bs_buf_init(&line, 64 * 1024);
	bs_json_writer_init(&w, &line);
	bs_json_open(&w, '{');
	put_number(&w, "t_ms", record->t_ms);
	put_number(&w, "end_ms", record->end_ms);
	put_text(&w, "server", bs_str_c(record->server));
	put_number(&w, "n", (int64_t)record->n);
	put_number(&w, "connection", record->connection);
	put_text(&w, "path", request->path);
	bs_json_put_key(&w, "key");
	bs_fault_key_tag(request->key, tag);
	bs_json_put_c(&w, request->key.ptr ? tag : NULL);
	put_number(&w, "body_bytes", (int64_t)request->body.len);
	put_text(&w, "fault", rule ? rule->line : BS_LIT("* ok"));
	put_number(&w, "sent_bytes", (int64_t)record->sent_bytes);
	put_text(&w, "how", bs_str_c(record->how));
	bs_json_close(&w, '}');
	bs_buf_add_char(&line, '\n');
	fwrite(line.ptr, 1, line.len, log);
	fflush(log);
	bs_buf_release(&line);
}

static void write_file(
	const char *dir, const char *server, uint64_t n, const char *suffix, struct bs_str bytes)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/%s-%llu.%s", dir, server, (unsigned long long)n, suffix);
	FILE *file = fopen(path, "wb");
	if (!file)
		return;
	if (bytes.len)
		fwrite(bytes.ptr, 1, bytes.len, file);
	fclose(file);
}

// The head without the credential: only its tag.
static void add_masked(struct bs_buf *out, struct bs_str head, struct bs_str key)
{
	char tag[9];
	bs_fault_key_tag(key, tag);
	for (size_t at; key.len && (at = bs_str_find(head, key)) != SIZE_MAX;) {
		bs_buf_add(out, bs_str_sub(head, 0, at));
		bs_buf_addf(out, "<key %s>", tag);
		head = bs_str_from(head, at + key.len);
	}
	bs_buf_add(out, head);
}

void bs_fault_record_request(
	const char *dir, const char *server, uint64_t n, const struct bs_fault_request *request)
{
	if (!dir)
		return;
	struct bs_buf head;
	bs_buf_init(&head, 128 * 1024);
	add_masked(&head, request->head, request->key);
	write_file(dir, server, n, "head", bs_buf_str(&head));
	write_file(dir, server, n, "body", request->body);
	bs_buf_release(&head);
}
