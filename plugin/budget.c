// SPDX-License-Identifier: MIT
// The hook's time: the least of what the settings, the job's time-out and the agent's grace allow.
#include "plugin/budget.h"

#include <sys/stat.h>

#define GRACE_MS_DEFAULT 9000  // v3 and v4 unless configured
#define BUDGET_MS_MIN 2500     // reading a log, a local summary, one request
#define LIMIT_MARGIN_MS 5000   // a slow host, and what comes after the last answer
#define TIMEOUT_MARGIN_MS 5000 // artifacts, other hooks, and the agent's own last requests

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

// No variable tells when the job began, but the agent writes the job's environment into a file just
// then. -1: not to be found out.
static int64_t age_ms(const struct bs_job *job, int64_t wall_ms)
{
	struct stat info;
	if (!job->env_file || stat(job->env_file, &info) != 0)
		return -1;
	int64_t began_ms = (int64_t)info.st_mtime * 1000;
	return began_ms <= wall_ms ? wall_ms - began_ms : -1;
}

int64_t bs_budget_ms(const struct bs_job *job, int64_t deadline_ms, int64_t wall_ms)
{
	if (job->limit_ms) // a deadline that is longer would lose the annotation by it
		deadline_ms = least(deadline_ms, job->limit_ms > LIMIT_MARGIN_MS + BUDGET_MS_MIN
							 ? job->limit_ms - LIMIT_MARGIN_MS
							 : BUDGET_MS_MIN);
	int64_t budget_ms = deadline_ms;
	int64_t age = age_ms(job, wall_ms);
	if (job->timed_out) // the command's own end came out of the same time, other hooks follow
		return least(budget_ms, (job->grace_ms ? job->grace_ms : GRACE_MS_DEFAULT) * 2 / 3);
	if (job->timeout_ms && age >= 0)
		budget_ms = least(budget_ms, job->timeout_ms - age - TIMEOUT_MARGIN_MS);
	return budget_ms > BUDGET_MS_MIN ? budget_ms : least(BUDGET_MS_MIN, deadline_ms);
}
