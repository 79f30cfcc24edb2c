// SPDX-License-Identifier: MIT
// How a command ended, in words and as a category: one table of what exit statuses mean.
#include "core/llm/ending.h"

#include <inttypes.h>
#include <stddef.h>

#define SIGNALS_MAX 32 // what is above 128 and these is a status like any other

// By convention: timeout(1), POSIX shells, and 128 + the number of the signal.
static const struct meaning {
	int exit_status;
	enum bs_category category;
	const char *words;
} meanings[] = {
	{124, BS_CATEGORY_TIMEOUT, "timeout(1): the time was up"},
	{126, BS_CATEGORY_PERMISSION, "the command could not be executed"},
	{127, BS_CATEGORY_CONFIGURATION, "command not found"},
	{129, BS_CATEGORY_UNKNOWN, "hung up, SIGHUP"},
	{130, BS_CATEGORY_UNKNOWN, "interrupted, SIGINT"},
	{132, BS_CATEGORY_CRASH, "crashed, SIGILL"},
	{134, BS_CATEGORY_CRASH, "aborted, SIGABRT"},
	{135, BS_CATEGORY_CRASH, "crashed, SIGBUS"},
	{136, BS_CATEGORY_CRASH, "crashed, SIGFPE"},
	{137, BS_CATEGORY_OUT_OF_MEMORY, "killed, SIGKILL: mostly out of memory"},
	{139, BS_CATEGORY_CRASH, "crashed, SIGSEGV"},
	{143, BS_CATEGORY_TIMEOUT, "terminated, SIGTERM: a timeout or a cancelled job"},
};

static const struct meaning *find_meaning(int exit_status)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].exit_status == exit_status)
			return &meanings[i];
	return NULL;
}

static bool is_signal(int exit_status)
{
	return exit_status > BS_STATUS_OF_SIGNAL && exit_status < BS_STATUS_OF_SIGNAL + SIGNALS_MAX;
}

enum bs_category bs_ending_category(const struct bs_ending *ending)
{
	const struct meaning *meaning = find_meaning(ending->exit_status);
	if (ending->timed_out)
		return BS_CATEGORY_TIMEOUT;
	if (ending->failed != BS_FAILED_COMMAND || !meaning)
		return BS_CATEGORY_UNKNOWN;
	return meaning->category;
}

// What a command could only have been ended by, from outside or against its will.
static bool is_end_by_force(const struct bs_ending *ending)
{
	enum bs_category category = bs_ending_category(ending);
	return category == BS_CATEGORY_TIMEOUT || category == BS_CATEGORY_OUT_OF_MEMORY ||
	       category == BS_CATEGORY_CRASH;
}

// Of a program that ends by itself when it has found them.
static bool is_finding(enum bs_category category)
{
	return category == BS_CATEGORY_TEST_FAILURE || category == BS_CATEGORY_LINT ||
	       category == BS_CATEGORY_COMPILE_ERROR || category == BS_CATEGORY_UNKNOWN;
}

bool bs_ending_outweighs(const struct bs_ending *ending, enum bs_category cause)
{
	return ending->timed_out || (is_end_by_force(ending) && is_finding(cause));
}

const char *bs_ending_contradicts(const struct bs_ending *ending, enum bs_category category)
{
	// whom the agent ends at the time-out gets the same signal as who takes too much memory
	if (ending->timed_out && category == BS_CATEGORY_OUT_OF_MEMORY)
		return "the job's time was up, and the agent ended the command: a timeout";
	if (category == BS_CATEGORY_LINT && is_end_by_force(ending))
		return "the command was killed, crashed or ran out of time";
	return NULL;
}

// "30 minutes"
static void put_limit(int64_t limit_ms, struct bs_buf *out)
{
	int64_t minutes = limit_ms / 60000;
	bs_buf_addf(out, "%" PRId64 " minute%s", minutes, minutes == 1 ? "" : "s");
}

static void put_status(const struct bs_ending *ending, struct bs_buf *out)
{
	const struct meaning *meaning = find_meaning(ending->exit_status);
	if (ending->exit_status < 0)
		bs_buf_add_c(out, ending->by_signal ? "a signal, which one is not known"
						    : "an unknown exit status");
	else
		bs_buf_addf(out, "exit status %d", ending->exit_status);
	if (meaning && !ending->timed_out) // its usual meaning is then not this one
		bs_buf_addf(out, " (%s)", meaning->words);
	else if (is_signal(ending->exit_status))
		bs_buf_addf(out, " (signal %d)", ending->exit_status - BS_STATUS_OF_SIGNAL);
}

void bs_ending_put_facts(const struct bs_ending *ending, struct bs_buf *out)
{
	switch (ending->failed) {
	case BS_FAILED_COMMAND:
		put_status(ending, out);
		break;
	case BS_FAILED_BEFORE:
		bs_buf_add_c(out, "no exit status, because it never ran: the job failed before it");
		break;
	case BS_FAILED_AFTER:
		bs_buf_addf(out,
			"exit status 0: it passed, and a hook that ran after it failed with "
			"status %d",
			ending->exit_status);
		break;
	}
	if (!ending->timed_out)
		return;
	bs_buf_add_c(out, ", since the job's time");
	if (ending->limit_ms) {
		bs_buf_add_c(out, " of ");
		put_limit(ending->limit_ms, out);
	}
	bs_buf_add_c(out, " was up and the agent ended it: a timeout, not a lack of memory");
}

static void put_command(const struct bs_ending *ending, struct bs_buf *out)
{
	const struct meaning *meaning = find_meaning(ending->exit_status);
	if (is_signal(ending->exit_status))
		bs_buf_addf(out, "The command was ended by signal %d",
			ending->exit_status - BS_STATUS_OF_SIGNAL);
	else if (ending->exit_status > 0)
		bs_buf_addf(out, "The command exited with status %d", ending->exit_status);
	else if (ending->by_signal)
		bs_buf_add_c(out, "The command was ended by a signal");
	if (meaning)
		bs_buf_addf(out, " (%s)", meaning->words);
}

void bs_ending_put_sentence(const struct bs_ending *ending, struct bs_buf *out)
{
	if (ending->timed_out) {
		bs_buf_add_c(out, "The job ran out of ");
		if (ending->limit_ms) {
			bs_buf_add_c(out, "its ");
			put_limit(ending->limit_ms, out);
		} else {
			bs_buf_add_c(out, "time");
		}
		return;
	}
	switch (ending->failed) {
	case BS_FAILED_COMMAND:
		put_command(ending, out);
		break;
	case BS_FAILED_BEFORE:
		bs_buf_add_c(out, "The job failed before its command ran");
		break;
	case BS_FAILED_AFTER:
		bs_buf_addf(out, "The command passed, but a hook after it failed with status %d",
			ending->exit_status);
		break;
	}
}
