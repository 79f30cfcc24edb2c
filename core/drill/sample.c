// SPDX-License-Identifier: MIT
// The log that a drill summarises when the user names none, and the least that is one.
#include "core/drill/drill.h"

static const char text[] =
	"+ python -m pytest -q tests\n"
	"........................................................................ [ 58%]\n"
	"...............F....................................                     [100%]\n"
	"=================================== FAILURES ===================================\n"
	"______________________ test_total_adds_the_tax_of_each_row _____________________\n"
	"\n"
	"    def test_total_adds_the_tax_of_each_row():\n"
	"        invoice = Invoice(rows=[Row(100, tax=0.25), Row(40, tax=0.05)])\n"
	">       assert invoice.total() == 167\n"
	"E       assert 165.0 == 167\n"
	"E        +  where 165.0 = total()\n"
	"\n"
	"tests/test_invoice.py:48: AssertionError\n"
	"=========================== short test summary info ============================\n"
	"FAILED tests/test_invoice.py::test_total_adds_the_tax_of_each_row - assert 165.0 == 167\n"
	"1 failed, 123 passed in 2.31s\n"
	"error: the command exited with status 1\n";

const struct bs_str bs_drill_sample_log = {text, sizeof(text) - 1};

static const char tiny[] = "FAILED tests/test_invoice.py::test_total - assert 165.0 == 167\n"
			   "1 failed, 123 passed in 2.31s\n"
			   "error: the command exited with status 1\n";

const struct bs_str bs_drill_tiny_log = {tiny, sizeof(tiny) - 1};
