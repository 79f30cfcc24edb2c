// SPDX-License-Identifier: MIT
// Values of settings: text → field, exactly or with a message that says what to write; and back.
#ifndef BS_CONFIG_VALUE_H
#define BS_CONFIG_VALUE_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/config/config.h"
#include "core/config/settings.h"

// Parses one value into its field of `object` (struct bs_config, struct bs_provider_config).
// Strings are copied into the arena. The message begins with the setting's name, without a place.
enum bs_status bs_value_parse(const struct bs_setting *setting, struct bs_str text,
	struct bs_arena *arena, void *object, struct bs_err *err) BS_MUST_USE;

// Sets a list from its items (BS_SETTING_ADDS: adds them to what stands there).
enum bs_status bs_value_parse_list(const struct bs_setting *setting, const struct bs_str *items,
	size_t count, struct bs_arena *arena, void *object, struct bs_err *err) BS_MUST_USE;

// Whether a text may stand in this list.
enum bs_status bs_value_check_item(
	const struct bs_setting *setting, struct bs_str text, struct bs_err *err) BS_MUST_USE;

// One line for people: "30s", "auto", "a, b"; nothing for what is not set.
void bs_value_print(const struct bs_setting *setting, const void *object, struct bs_buf *out);

int64_t bs_value_number(const struct bs_setting *setting, const void *object); // of a numeric type
bool bs_value_bool(const struct bs_setting *setting, const void *object);
const char *bs_value_string(const struct bs_setting *setting, const void *object);
struct bs_strings bs_value_strings(const struct bs_setting *setting, const void *object);

// Outside text for a message: its beginning, without control bytes and invalid UTF-8.
#define BS_SHOWN_BYTES 80
const char *bs_shown(struct bs_str text, char shown[BS_SHOWN_BYTES]);

// Conditions of settings.
bool bs_value_is_route(struct bs_str text);
bool bs_value_is_glob(struct bs_str text);     // of a variable's name
bool bs_value_is_base_url(struct bs_str text); // no user, query, fragment
bool bs_value_is_variable(struct bs_str text); // and does not look like a key
// Where a key is kept (core/config/credentials.h), never a key itself.
#define BS_EXPECTED_CREDENTIAL "the NAME of an environment variable, file:/path or secret:NAME"
bool bs_value_is_credential(struct bs_str text);
bool bs_value_is_provider(struct bs_str text); // a name under `providers:`
bool bs_value_is_model(struct bs_str text);
bool bs_value_is_header_name(struct bs_str text);
bool bs_value_is_header(struct bs_str text);    // "Name: value" that carries no credential
bool bs_value_is_member(struct bs_str text);    // "name: JSON" that carries none and is not ours
bool bs_value_member_hides(struct bs_str text); // no such JSON, or it may carry a credential

#endif
