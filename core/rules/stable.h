// SPDX-License-Identifier: MIT
// A text without what changes from run to run: times, durations, addresses, ids, folders, places.
#ifndef BS_RULES_STABLE_H
#define BS_RULES_STABLE_H

#include "core/base/str.h"

#define BS_STABLE_BYTES_MAX 512 // of a text; what comes later seldom tells failures apart

// What stays, in `room`: words, names of files (of an absolute path the last part), short numbers
// ("want 3" is not "want 4"). What goes is one '#' each; white space is one space.
struct bs_str bs_stable(struct bs_str text, char room[BS_STABLE_BYTES_MAX]);

#endif
