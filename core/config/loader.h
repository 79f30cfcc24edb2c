// SPDX-License-Identifier: MIT
// The layers of the configuration as functions over one loader; only core/config/ includes this.
#ifndef BS_CONFIG_LOADER_H
#define BS_CONFIG_LOADER_H

#include "core/config/config.h"
#include "core/config/settings.h"

struct bs_loader {
	struct bs_config config; // as far as the layers have come
	const struct bs_config_sources *sources;
	struct bs_arena *arena;
	struct bs_diag *diag;
	const char *endpoint_place; // where the project's file named an endpoint, or NULL
};

// In this order. err is not NULL.
enum bs_status bs_load_files(struct bs_loader *l, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_load_plugin(struct bs_loader *l, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_load_environment(struct bs_loader *l, struct bs_err *err) BS_MUST_USE;
enum bs_status bs_load_flags(struct bs_loader *l, struct bs_err *err) BS_MUST_USE;

// What is odd but harmless about the whole: notes in diag.
void bs_load_warnings(struct bs_loader *l);

#endif
