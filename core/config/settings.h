// SPDX-License-Identifier: MIT
// THE table of settings: one row is a YAML key, a flag, a variable, a plugin property and its help.
//
// From the name "annotation.context" follow the flag --annotation-context, the variable
// BUILDSUM_ANNOTATION_CONTEXT, the YAML key and the plugin property `annotation: { context: … }`.
// The loader, the command line, --help, `buildsum config`, the man page and plugin.yml read the
// same rows.
#ifndef BS_CONFIG_SETTINGS_H
#define BS_CONFIG_SETTINGS_H

#include "core/base/err.h"
#include "core/base/str.h"

// Where values come from, each over the one before.
enum bs_layer {
	BS_LAYER_DEFAULT,
	BS_LAYER_SYSTEM,  // /etc
	BS_LAYER_USER,    // $XDG_CONFIG_HOME
	BS_LAYER_PROJECT, // came with the checkout: not trusted with credentials
	BS_LAYER_NAMED,   // by --config or BUILDSUM_CONFIG, instead of the project's
	BS_LAYER_PLUGIN,
	BS_LAYER_ENVIRONMENT,
	BS_LAYER_FLAG,
};

enum bs_setting_type {
	BS_SETTING_BOOL,     // bool
	BS_SETTING_COUNT,    // int64_t; as a flag without a value, repeatable: -vv
	BS_SETTING_INTEGER,  // int64_t
	BS_SETTING_DURATION, // int64_t, milliseconds; also one of `words` where there are any
	BS_SETTING_USD,      // int64_t, millionths of a dollar; also one of `words`
	BS_SETTING_ENUM,     // an enum: one of `words`
	BS_SETTING_STRING,   // const char *; one of `words` where there are any
	BS_SETTING_STRINGS,  // struct bs_strings
};

enum bs_setting_flags {
	BS_SETTING_NOT_IN_FILES = 1 << 0, // only a flag or a variable
	BS_SETTING_NOT_PROJECT = 1 << 1,  // never from the project's file
	BS_SETTING_IS_ENDPOINT = 1 << 2,  // from the project's file only where the operator allows
	BS_SETTING_STAYS_ON = 1 << 3,     // the project's file may turn it on, never off
	BS_SETTING_ADDS = 1 << 4, // a list that adds to the lower layers' instead of replacing
	BS_SETTING_KEEPS_COMMAS = 1
				  << 5, // a list whose items may hold commas: one per flag or line
	BS_SETTING_MAY_BE_SECRET = 1 << 6, // a wrong value is never shown
	BS_SETTING_MAY_BE_EMPTY = 1 << 7,  // an empty text means something
	// read by the plugin's shell before there is a program: a plugin property or a variable
	// only
	BS_SETTING_OF_THE_HOOK = 1 << 8,
	BS_SETTING_STAYS_BELOW = 1 << 9, // the project's file may lower it, never raise or lift it
	// a list of 'NAME: VALUE' that may also be written as a mapping
	BS_SETTING_MAPPING = 1 << 10,
	BS_SETTING_JSON = 1 << 11, // whose values are JSON, of whatever stands in the tree
};

// Settings that belong together, for help and documents.
enum bs_setting_group {
	BS_GROUP_MODELS,
	BS_GROUP_LIMITS,
	BS_GROUP_EXCERPT,
	BS_GROUP_ANNOTATION,
	BS_GROUP_OUTPUT,
	BS_GROUP_INSTALL,
	BS_GROUP_COUNT
};

struct bs_word {
	const char *word; // NULL ends the list
	int64_t value;    // of an enum or a duration
};

struct bs_setting {
	const char *name; // path in YAML: "annotation.context"
	const char *help; // one sentence
	enum bs_setting_group group;
	enum bs_setting_type type;
	size_t offset;    // in struct bs_config; a provider's in struct bs_provider_config
	int64_t min, max; // of the number or duration; max: bytes of a string, items of a list
	const char
		*preset;   // the default, parsed like any other value; NULL: not set, an empty list
	const char *value; // placeholder in help: "DURATION"
	const char *example; // for documents
	const struct bs_word *words;
	unsigned flags; // enum bs_setting_flags
	char letter;    // 'q' for -q; 0: none
	// A further condition on a string or on each item of a list, and its words for messages.
	bool (*accepts)(struct bs_str text);
	const char *expected;
	// Of BS_SETTING_MAY_BE_SECRET: does a value that is refused hold a secret? NULL: it may.
	bool (*hides)(struct bs_str text);
};

#define BS_SETTING_NAME_BYTES 64 // of a name, flag or variable, with its NUL

// Both lists end with a row without a name.
extern const struct bs_setting bs_settings[];
extern const struct bs_setting bs_provider_settings[]; // under `providers: { NAME: … }`

size_t bs_settings_count(void); // of bs_settings
// The place of a row of bs_settings in it: the index of config.origins.
size_t bs_setting_index(const struct bs_setting *setting);

// By any of its names, each whole; NULL: there is none.
const struct bs_setting *bs_setting_by_name(const struct bs_setting *rows, struct bs_str name);
const struct bs_setting *bs_setting_by_flag(struct bs_str flag); // "annotation-context"
const struct bs_setting *bs_setting_by_letter(char letter);
const struct bs_setting *bs_setting_by_variable(struct bs_str variable);

// "--annotation-context", "BUILDSUM_ANNOTATION_CONTEXT".
const char *bs_setting_flag(const struct bs_setting *setting, char text[BS_SETTING_NAME_BYTES]);
const char *bs_setting_variable(const struct bs_setting *setting, char text[BS_SETTING_NAME_BYTES]);
// "Models", "Limits", …
const char *bs_setting_group_title(enum bs_setting_group group);

// "Did you mean": offer it every candidate, then read `best`, whose ptr is NULL when none is near.
struct bs_nearest {
	struct bs_str wanted;
	struct bs_str best;
	size_t distance;
};

void bs_nearest_init(struct bs_nearest *nearest, struct bs_str wanted);
// true: this is the nearest so far. Borrows the candidate.
bool bs_nearest_offer(struct bs_nearest *nearest, struct bs_str candidate);

#endif
