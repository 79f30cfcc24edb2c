// SPDX-License-Identifier: MIT
// One small write after the other, each begun and looked after between other things.
#include "plugin/beat.h"

#include "core/base/clock.h"

#define WRITE_MS_MAX 3500 // as any request of the group; the next one waits for it

void bs_beat_init(struct bs_beat *beat, struct bs_http *http, const struct bs_job *job,
	const char *key, int64_t until_ms)
{
	*beat = (struct bs_beat){.http = http, .job = job, .key = key, .until_ms = until_ms};
}

static void end(struct bs_beat *beat)
{
	if (!beat->exchange)
		return;
	bs_http_end(beat->exchange);
	beat->exchange = NULL;
	bs_agent_request_release(&beat->request);
	bs_buf_release(&beat->body);
}

static void begin(struct bs_beat *beat)
{
	struct bs_buf value;
	bs_buf_init(&value, BS_LINE_BYTES_MAX);
	bs_buf_init(&beat->body, BS_REQUEST_BYTES_MAX);
	bs_buf_addf(&value, "%s %u", beat->job->id, ++beat->count);
	const struct bs_meta_item item = {beat->key, bs_buf_str(&value)};
	const char *path = bs_meta_set_body(&item, 1, &beat->body);
	enum bs_status status = bs_agent_request_init(
		&beat->request, beat->job, "POST", path, bs_buf_str(&beat->body), NULL);
	beat->request.http.total_ms = WRITE_MS_MAX;
	if (status == BS_OK && beat->body.failed == BS_OK && value.failed == BS_OK)
		status = bs_http_start(beat->http, &beat->request.http, &beat->exchange, NULL);
	if (status != BS_OK || !beat->exchange) {
		bs_agent_request_release(&beat->request);
		bs_buf_release(&beat->body);
	}
	bs_buf_release(&value);
}

void bs_beat_tick(void *ctx)
{
	struct bs_beat *beat = ctx;
	int64_t now_ms = bs_clock_ms();
	if (beat->exchange && bs_http_poll(beat->http, 0, NULL) == BS_OK &&
		bs_http_reply(beat->exchange)->done)
		end(beat);
	if (beat->exchange || now_ms < beat->next_at_ms || now_ms > beat->until_ms)
		return;
	beat->next_at_ms = now_ms + BS_BEAT_MS;
	begin(beat);
}

void bs_beat_release(struct bs_beat *beat)
{
	end(beat);
}
