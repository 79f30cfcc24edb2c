// SPDX-License-Identifier: MIT
// One stream of lines through the rules of redaction: the order in which they see it.
#ifndef BS_RULES_REDACT_FLOW_H
#define BS_RULES_REDACT_FLOW_H

#include "core/rules/redact_engine.h"
#include "core/rules/redact_hold.h"
#include "core/rules/redact_kube.h"
#include "core/rules/redact_named.h"
#include "core/rules/redact_pem.h"
#include "core/rules/redact_wrap.h"

struct bs_flow {
	const struct bs_engine *engine;
	struct bs_line_sink sink;
	struct bs_hold hold;
	struct bs_pem pem;
	struct bs_kube kube;
	struct bs_named named;
	struct bs_wrap wrap;
};

// engine must outlive the flow.
void bs_flow_init(struct bs_flow *flow, const struct bs_engine *engine, struct bs_line_sink sink);
void bs_flow_release(struct bs_flow *flow);

enum bs_status bs_flow_take(
	struct bs_flow *flow, const struct bs_line *line, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_flow_finish(struct bs_flow *flow, struct bs_err *err) BS_MUST_USE;

#endif
