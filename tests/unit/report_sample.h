// SPDX-License-Identifier: MIT
// A report with every part filled, for the tests of the three faces.
#ifndef BS_TESTS_REPORT_SAMPLE_H
#define BS_TESTS_REPORT_SAMPLE_H

#include "core/report/report.h"

static struct bs_excerpt_line sample_lines[] = {
	{0, {"[lines 1-40 left out]", 21}},
	{41, {"FAILED tests/test_mean.py::test_mean", 36}},
	{42, {"E   assert 2 == 2.5", 19}},
};

static struct bs_attempt_record sample_attempts[] = {
	{"openai/gpt-6-luna", "OPENAI_KEY_A", BS_OUTCOME_RATE_LIMITED, 429, 0, -1, 41, 0, 0, false,
		NULL, 0, {true, 0}, "req_1", BS_SCHEMA_STRICT},
	{"openai/gpt-6-luna", "OPENAI_KEY_B", BS_OUTCOME_RATE_LIMITED, 429, 41, -1, 40, 0, 0, false,
		NULL, 0, {true, 0}, NULL, BS_SCHEMA_STRICT},
	{"anthropic/claude-haiku-5-5", "ANTHROPIC_KEY", BS_OUTCOME_OK, 200, 82, 300, 700, 812, 96,
		false, NULL, 512, {true, 4200000000}, "req_3", BS_SCHEMA_STRICT},
};

static struct bs_report sample_report(void)
{
	return (struct bs_report){
		.by_llm = true,
		.route = "anthropic/claude-haiku-5-5",
		.summary =
			{
				.headline = BS_LIT("test_mean fails: 2 instead of 2.5"),
				.summary = BS_LIT("The mean is computed with integer division."),
				.category = BS_CATEGORY_TEST_FAILURE,
				.failures = {{BS_LIT("test_mean"), BS_LIT("tests/test_mean.py"),
					BS_LIT("assert 2 == 2.5"), 12}},
				.failures_count = 1,
				.evidence = {{42, BS_LIT("E   assert 2 == 2.5")}},
				.evidence_count = 1,
				.next_step = BS_LIT("Divide with / in mean()."),
				.confidence = BS_CONFIDENCE_HIGH,
			},
		.trail = {sample_attempts, 3},
		.elapsed_ms = 812,
		.excerpt =
			{
				.text = BS_LIT(
					"[lines 1-40 left out]\nFAILED tests/test_mean.py::test_mean\n"
					"E   assert 2 == 2.5\n"),
				.lines = sample_lines,
				.lines_count = 3,
				.input_bytes = 2000,
				.input_lines = 42,
				.redactions = 1,
				.failure_id = "00112233aabbccdd",
			},
	};
}

#endif
