// SPDX-License-Identifier: MIT
// What many tests fail for at once: a server that is not there, a full disk, a missing right.
#ifndef BS_RULES_SHARED_H
#define BS_RULES_SHARED_H

#include "core/text/excerpt.h"

// Fills id, sixteen hex digits: as excerpt->failure_id, but a failure for such a reason counts by
// the reason alone, without the test and the file that met it. What else failed counts as ever, so
// assertions of different tests stay apart. Equal to failure_id where nothing has such a reason.
//
// *ret_met_in: of those failures, the test that the first one was met in; empty: none is named.
void bs_shared_id(
	const struct bs_excerpt *excerpt, char id[BS_FAILURE_ID_BYTES], struct bs_str *ret_met_in);

#endif
