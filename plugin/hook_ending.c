// SPDX-License-Identifier: MIT
// How the job's command ended: its status, the signal that the agent's line in the log names, its
// time-out.
#include "plugin/hook.h"

// The agent tells its hooks no more than -1 (internal/job of its source); the line that it writes
// into the log ends with the name that Go's syscall package has for the signal.
#define AGENT_LINE "Error: The command was interrupted by a signal: signal: "

static const struct {
	const char *name;
	int number; // the same on Linux and macOS, but for SIGBUS
} signals[] = {
	{"hangup", 1},
	{"interrupt", 2},
	{"illegal instruction", 4},
	{"trace/breakpoint trap", 5}, // Linux
	{"trace/BPT trap", 5},        // macOS
	{"aborted", 6},
	{"abort trap", 6},
	{"floating point exception", 8},
	{"killed", 9},
	{"segmentation fault", 11},
	{"terminated", 15},
};

// The number of the signal that ended the command; 0: nobody says.
static int find_signal(const struct bs_source *source)
{
	char window[BS_READ_CHUNK_BYTES];
	struct bs_str rest = bs_source_end(source, window, sizeof(window));
	struct bs_str name = {0};
	for (size_t at; (at = bs_str_find(rest, BS_LIT(AGENT_LINE))) != SIZE_MAX;)
		name = rest = bs_str_from(rest, at + sizeof(AGENT_LINE) - 1);
	for (size_t i = 0; name.len && i < sizeof(signals) / sizeof(signals[0]); i++)
		if (bs_str_starts(name, bs_str_c(signals[i].name)))
			return signals[i].number;
	return 0;
}

struct bs_ending bs_hook_ending(const struct bs_job *job, const struct bs_source *source)
{
	struct bs_ending ending = {
		.exit_status = job->exit_status,
		.by_signal = job->exit_status == BS_JOB_STATUS_SIGNAL,
		.timed_out = job->timed_out,
		.limit_ms = job->timed_out ? job->timeout_ms : 0,
	};
	if (job->exit_status == BS_JOB_STATUS_UNKNOWN)
		ending.failed = BS_FAILED_BEFORE;
	if (job->hook_status) {
		ending.failed = BS_FAILED_AFTER;
		ending.exit_status = job->hook_status;
	}
	if (ending.exit_status < 0)
		ending.exit_status = -1;
	int number = ending.by_signal ? find_signal(source) : 0;
	if (number)
		ending.exit_status = BS_STATUS_OF_SIGNAL + number;
	return ending;
}
