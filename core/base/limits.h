// SPDX-License-Identifier: MIT
// Every ceiling of the house in one place: the unit in the name, the reason beside it.
#ifndef BS_BASE_LIMITS_H
#define BS_BASE_LIMITS_H

// --- diagnostics
#define BS_ERR_MSG_BYTES 512   // one line on a terminal, with room for a path
#define BS_DIAG_NOTES_MAX 32   // warnings kept per run; the rest are counted
#define BS_DIAG_NOTE_BYTES 400 // one line each

// --- memory: the sum stays below the 64 MiB a run may use for a log of any size
#define BS_ARENA_CHUNK_BYTES (64 * 1024)
#define BS_RUN_ARENA_BYTES_MAX (24 * 1024 * 1024)    // rules, configuration, excerpt, summary
#define BS_ATTEMPT_ARENA_BYTES_MAX (8 * 1024 * 1024) // one request and its reply, parsed

// --- reading
#define BS_READ_CHUNK_BYTES (64 * 1024)
#define BS_LINE_BYTES_MAX (16 * 1024)  // a longer line keeps its head and its tail
#define BS_LINE_HEAD_BYTES (12 * 1024) // compilers say it first
#define BS_LINE_TAIL_BYTES (4 * 1024)  // webpack and buildah give the reason at the end
#define BS_ESCAPE_BYTES_MAX (4 * 1024) // an escape sequence that never ends costs at most this
#define BS_SNIFF_BYTES (8 * 1024)      // looked at to tell binary and UTF-16 input from text
#define BS_FIFO_WRITER_MS_MAX 1000     // how long the writer of a FIFO may take to come
#define BS_FILE_LOAD_MS_MAX 5000       // a small file that takes longer is a FIFO that never ends

// --- kinds of lines remembered: a record takes 16 bytes
#define BS_KINDS_FIRST (16 * 1024) // a small log touches little memory
#define BS_KINDS_MAX (512 * 1024)  // 8 MiB; a log with more kinds looks at some of them again

// --- what is kept of the log while it streams by
#define BS_STORE_BYTES_MAX (16 * 1024 * 1024) // lines held before the dull middle is let go
#define BS_STORE_LINES_MAX (256 * 1024)
#define BS_STORE_MARKS_MAX (64 * 1024)        // lines that a rule spoke for
#define BS_STORE_HEAD_BYTES (256 * 1024)      // always held: where commands and versions stand
#define BS_STORE_TAIL_BYTES (2 * 1024 * 1024) // always held: most failures end the log

// --- rules
#define BS_PACK_FILE_BYTES_MAX (256 * 1024)
#define BS_TOLD_KINDS_MAX 8192 // kinds of lines whose digits matter, of 72 bytes each
#define BS_RULES_MAX 1024
#define BS_PATTERN_BYTES_MAX 2048
#define BS_REGEX_PARENS_MAX 50
#define BS_REGEX_MATCH_LIMIT \
	100000 // PCRE2 restarts the count at each position: trust no limit alone
#define BS_REGEX_DEPTH_LIMIT 1000
#define BS_REGEX_HEAP_KIB_MAX (8 * 1024)
#define BS_REGEX_JIT_STACK_BYTES (512 * 1024) // the default of 32 KiB fails on 10 KiB lines
#define BS_REGEX_GROUPS_MAX 16
#define BS_BLOCKS_OPEN_MAX 8 // blocks that a line may continue at once
#define BS_FINDINGS_MAX 200
#define BS_EXPLAINED_BLOCKS_MAX 2048 // of an excerpt, for trim --explain
#define BS_EXPLAINED_LEFT_OUT_MAX 20 // lines that nearly won a place
#define BS_BASELINE_MS_MAX 10000     // for reading a passing run's log; the rest of it is not known
#define BS_RULE_TIME_MS_MAX 2000     // a rule that takes longer than this …
#define BS_RULE_NS_PER_BYTE_MAX 20   // … plus this for each byte of the log is switched off
#define BS_USER_RULES_TIME_MS_MAX 3000   // and of the user's all together …
#define BS_USER_RULES_NS_PER_BYTE_MAX 30 // … those that have had more than their share of it

// --- redaction
#define BS_SECRET_BYTES_MIN 6           // the agent's own floor: shorter values redact the language
#define BS_SECRET_BYTES_MAX (64 * 1024) // of one environment value
#define BS_SECRETS_MAX 2048
#define BS_LITERAL_BYTES_MAX 256 // of one literal searched for: bounds the work at each byte
#define BS_NEEDLE_BYTES_MAX 128  // of one form of a value; longer ones are searched for in pieces
#define BS_HELD_LINES_MAX 512    // lines that wait for the end of a key or of a wrapped token
#define BS_HELD_BYTES_MAX (1024 * 1024)

// --- configuration
#define BS_YAML_BYTES_MAX (64 * 1024) // libyaml 0.2.5 is quadratic in nesting
#define BS_YAML_DEPTH_MAX 16
#define BS_YAML_EVENTS_MAX 10000
#define BS_SETTING_BYTES_MAX 4096      // of a text: a path
#define BS_SETTING_ITEM_BYTES_MAX 2048 // of an entry of a list: a pattern
#define BS_ROUTES_MAX 16
#define BS_PROVIDERS_MAX 32
#define BS_KEYS_MAX 16 // of one provider
#define BS_KEY_BYTES_MAX (8 * 1024)
#define BS_HEADERS_OWN_MAX 8  // that a provider's entry may add to its requests
#define BS_MEMBERS_OWN_MAX 16 // of their body, likewise

// --- talking to a model
#define BS_EXCERPT_BYTES_MAX (4 * 1024 * 1024) // ceiling of the setting excerpt_bytes
#define BS_PROMPT_BYTES_MAX (64 * 1024)        // of one template
#define BS_REQUEST_BYTES_MAX (16 * 1024 * 1024)
#define BS_REPLY_BYTES_MAX (2 * 1024 * 1024)
#define BS_HEADERS_BYTES_MAX (64 * 1024)
#define BS_HEADER_VALUE_BYTES_MAX (8 * 1024)
#define BS_SSE_EVENT_BYTES_MAX (1024 * 1024)
#define BS_ANSWER_BYTES_MAX (256 * 1024) // the text of a summary, before it is parsed
#define BS_JSON_BYTES_MAX (4 * 1024 * 1024)
#define BS_JSON_DEPTH_MAX 32
#define BS_ATTEMPTS_MAX 32    // ceiling of the setting attempts
#define BS_OUTPUT_TOKENS 4000 // a summary needs 600; the rest is for models that think first
#define BS_RETRY_AFTER_MS_MAX (24 * 60 * 60 * 1000) // a longer hint is nonsense
#define BS_VIOLATIONS_BYTES_MAX (8 * 1024)          // what is wrong with an answer, for the re-ask

// --- what is remembered between runs
#define BS_HEALTH_BYTES_MAX (64 * 1024) // of the file: a full table in its longest form
#define BS_HEALTH_ROUTES_MAX 64         // models that one host asks; the longest unused goes first
#define BS_HEALTH_KEYS_MAX 128
#define BS_HEALTH_LOCK_MS_MAX 100 // waited for other runs; then this one goes on without

// --- the summary (contract: JSON result)
#define BS_HEADLINE_BYTES_MAX 480 // 120 characters of four bytes
#define BS_FAILURES_MAX 10
#define BS_EVIDENCE_MAX 12

// --- output
#define BS_ANNOTATION_BYTES_MAX (1024 * 1024) // the agent refuses more
#define BS_ANNOTATION_BYTES_AIM (32 * 1024)
#define BS_CONTEXT_BYTES_MAX 100 // of an annotation's context

// --- Buildkite
#define BS_KEPT_BYTES_MAX \
	(64 * 1024) // of a summary kept for others: the build's meta-data takes 100
#define BS_CACHE_BYTES_MAX (1024 * 1024) // of the file of kept summaries; the oldest go first
#define BS_CACHE_ENTRIES_MAX 64
#define BS_CACHE_MS_MAX (24 * 60 * 60 * 1000)     // a failure of yesterday may have another reason
#define BS_ENV_FILE_BYTES_MAX (1024 * 1024)       // a job's variables; the kernel takes less
#define BS_LOG_COPY_BYTES_MAX (256 * 1024 * 1024) // of a command's output, for the hook
#define BS_LOG_TAIL_BYTES_MAX (4 * 1024 * 1024)   // asked of the REST API: failures sit late

#endif
