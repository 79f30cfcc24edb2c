// SPDX-License-Identifier: MIT
// The members of a request that a host may refuse and can do without, and how errors name them.
#ifndef BS_LLM_PARAM_H
#define BS_LLM_PARAM_H

#include "core/base/str.h"

enum bs_param {
	BS_PARAM_LIMIT = 1 << 0, // of output tokens
	// The limit's usual name there: without it the format's other one is used.
	BS_PARAM_SPELLING = 1 << 1,
	BS_PARAM_EFFORT = 1 << 2, // how much it may think
	BS_PARAM_CACHE_KEY = 1 << 3,
	BS_PARAM_TEMPLATE = 1 << 4, // chat_template_kwargs
	BS_PARAM_STREAM_OPTIONS = 1 << 5,
	BS_PARAM_STORE = 1 << 6,
	BS_PARAM_STREAM = 1 << 7,
	// Those that no request leaves out: of a sampler. An error may name them all the same.
	BS_PARAM_SAMPLER = 1 << 8,
};

#define BS_PARAMS_ALL 0xFF // that a request may leave out
// What goes when a host refuses something that it does not name.
#define BS_PARAMS_UNNAMED                                                            \
	(BS_PARAM_LIMIT | BS_PARAM_EFFORT | BS_PARAM_CACHE_KEY | BS_PARAM_TEMPLATE | \
		BS_PARAM_STREAM_OPTIONS)

// By index from 0: the bit and its usual name, "max_tokens"; NULL after the last.
const char *bs_param_at(size_t index, unsigned *ret_param);

// The parameters that a provider's words name: its field for that ("body.max_tokens", several with
// commas between), else its sentence. 0: none that is known.
unsigned bs_params_named(struct bs_str field, struct bs_str sentence);

// Do they name this one?
bool bs_param_is_named(struct bs_str field, struct bs_str sentence, struct bs_str name);

// A request that held `sent`, without what was `dropped` before, was refused for a parameter: what
// the next one leaves out beside. 0: nothing is left to leave out, or only what was not sent is
// named. keep_limit: unless it is named, the limit goes last, for it bounds what is paid.
unsigned bs_params_refused(unsigned sent, unsigned dropped, unsigned named, bool keep_limit);

#endif
