// SPDX-License-Identifier: MIT
// The table of models, by the makers' pages, their SDKs and genai-prices 0.2.3 (November 2026).
#include "core/llm/models.h"

#define STRICT BS_SCHEMA_STRICT
#define TOOL BS_SCHEMA_TOOL
#define OBJECT BS_SCHEMA_JSON_OBJECT

// clang-format off
static const struct bs_model models[] = {
	// maker, name, mode, window, output, {input, cached, written, output, long from, long input, output}
	{"openai", "gpt-6-luna", STRICT, 1050000, 128000, {100000, 10000, 125000, 500000, 272000, 200000, 750000}},
	{"openai", "gpt-5.6-luna", STRICT, 1050000, 128000, {200000, 20000, 250000, 1200000, 272000, 400000, 1800000}},
	{"openai", "gpt-5.4-nano", STRICT, 400000, 0, {200000, 20000, 0, 1250000, 0, 0, 0}},
	{"openai", "gpt-5.4-mini", STRICT, 400000, 0, {750000, 75000, 0, 4500000, 0, 0, 0}},
	{"openai", "gpt-5-nano", STRICT, 400000, 0, {50000, 5000, 0, 400000, 0, 0, 0}},
	{"openai", "gpt-4.1-nano", STRICT, 1000000, 0, {100000, 25000, 0, 400000, 0, 0, 0}},
	{"openai", "gpt-4o-mini", STRICT, 128000, 0, {150000, 75000, 0, 600000, 0, 0, 0}},
	{"openai", "gpt-6-astra", STRICT, 1050000, 0, {10000000, 1000000, 12500000, 50000000, 272000, 20000000, 75000000}},
	{"openai", "gpt-6.1-sol", STRICT, 1050000, 0, {2000000, 100000, 2500000, 10000000, 272000, 4000000, 15000000}},
	{"openai", "gpt-6-sol", STRICT, 1050000, 0, {2000000, 200000, 2500000, 10000000, 272000, 4000000, 15000000}},
	{"openai", "gpt-6.1-terra", STRICT, 1050000, 0, {1000000, 50000, 1250000, 5000000, 272000, 2000000, 7500000}},
	{"openai", "gpt-5.6-sol", STRICT, 1050000, 0, {4000000, 400000, 5000000, 20000000, 272000, 8000000, 30000000}},
	{"openai", "gpt-5.6-terra", STRICT, 1050000, 0, {2000000, 200000, 2500000, 12000000, 272000, 4000000, 18000000}},
	{"openai", "gpt-5.5", STRICT, 1000000, 0, {5000000, 500000, 0, 30000000, 272000, 10000000, 45000000}},
	{"openai", "gpt-5.4", STRICT, 1050000, 0, {2500000, 250000, 0, 15000000, 272000, 5000000, 22500000}},
	{"openai", "gpt-5.2", STRICT, 400000, 0, {1750000, 175000, 0, 14000000, 0, 0, 0}},
	{"openai", "gpt-5.1", STRICT, 400000, 0, {1250000, 125000, 0, 10000000, 0, 0, 0}},
	{"openai", "gpt-5", STRICT, 400000, 0, {1250000, 125000, 0, 10000000, 0, 0, 0}},
	{"openai", "gpt-5-mini", STRICT, 400000, 0, {250000, 25000, 0, 2000000, 0, 0, 0}},
	{"openai", "gpt-4.1", STRICT, 1000000, 0, {2000000, 500000, 0, 8000000, 0, 0, 0}},
	{"openai", "gpt-4.1-mini", STRICT, 1000000, 0, {400000, 100000, 0, 1600000, 0, 0, 0}},
	{"openai", "gpt-4o", STRICT, 128000, 0, {2500000, 1250000, 0, 10000000, 0, 0, 0}},
	{"openai", "gpt-4o-2024-05-13", STRICT, 128000, 0, {5000000, 0, 0, 15000000, 0, 0, 0}},
	{"openai", "o3", STRICT, 200000, 0, {2000000, 500000, 0, 8000000, 0, 0, 0}},
	{"openai", "o3-mini", STRICT, 200000, 0, {1100000, 550000, 0, 4400000, 0, 0, 0}},
	{"openai", "o4-mini", STRICT, 200000, 0, {1100000, 275000, 0, 4400000, 0, 0, 0}},
	{"openai", "gpt-4", TOOL, 0, 0, {0}}, // before json_schema, like the next
	{"openai", "gpt-4-turbo*", TOOL, 0, 0, {0}},
	{"openai", "gpt-4-0*", TOOL, 0, 0, {0}},
	{"openai", "gpt-4-1106*", TOOL, 0, 0, {0}},
	{"openai", "gpt-3.5-turbo", TOOL, 16000, 0, {0}},
	{"openai", "gpt-3.5*", TOOL, 0, 0, {0}},

	{"anthropic", "claude-haiku-5-5", STRICT, 1000000, 128000, {100000, 10000, 125000, 500000, 100000, 500000, 2500000}},
	{"anthropic", "claude-haiku-4-5", STRICT, 200000, 64000, {1000000, 100000, 1250000, 5000000, 0, 0, 0}},
	{"anthropic", "claude-fable-5-2", STRICT, 1000000, 0, {8000000, 200000, 10000000, 40000000, 0, 0, 0}},
	{"anthropic", "claude-fable-5-1", STRICT, 1000000, 0, {10000000, 250000, 12500000, 50000000, 0, 0, 0}},
	{"anthropic", "claude-fable-5", STRICT, 1000000, 0, {10000000, 1000000, 12500000, 50000000, 0, 0, 0}},
	{"anthropic", "claude-opus-5-5", STRICT, 1000000, 0, {4000000, 200000, 5000000, 20000000, 0, 0, 0}},
	{"anthropic", "claude-opus-5", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4-8", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4-7", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4-6", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4-5", STRICT, 200000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4-1", STRICT, 200000, 0, {15000000, 1500000, 18750000, 75000000, 0, 0, 0}},
	{"anthropic", "claude-sonnet-5-5", STRICT, 1000000, 0, {2000000, 100000, 2500000, 10000000, 0, 0, 0}},
	{"anthropic", "claude-sonnet-5", STRICT, 1000000, 0, {2000000, 200000, 2500000, 10000000, 0, 0, 0}},
	{"anthropic", "claude-sonnet-4-6", STRICT, 1000000, 0, {3000000, 300000, 3750000, 15000000, 0, 0, 0}},
	{"anthropic", "claude-sonnet-4-5", STRICT, 200000, 0, {3000000, 300000, 3750000, 15000000, 200000, 6000000, 22500000}},
	{"anthropic", "claude-3*", TOOL, 200000, 0, {0}}, // before output_config.format, like the next
	{"anthropic", "claude-sonnet-4", TOOL, 200000, 0, {3000000, 300000, 3750000, 15000000, 0, 0, 0}},
	{"anthropic", "claude-sonnet-4-0", TOOL, 200000, 0, {3000000, 300000, 3750000, 15000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4", TOOL, 200000, 0, {15000000, 1500000, 18750000, 75000000, 0, 0, 0}},
	{"anthropic", "claude-opus-4-0", TOOL, 200000, 0, {15000000, 1500000, 18750000, 75000000, 0, 0, 0}},

	{"gemini", "gemini-3.5-flash-lite", STRICT, 1000000, 65536, {300000, 30000, 0, 2500000, 0, 0, 0}},
	{"gemini", "gemini-3.1-flash-lite", STRICT, 1000000, 0, {250000, 25000, 0, 1500000, 0, 0, 0}},
	{"gemini", "gemini-3.8-flash", STRICT, 1000000, 0, {750000, 75000, 0, 3750000, 0, 0, 0}}, // twice that from 2027, like 3.7 and 3.6
	{"gemini", "gemini-2.5-flash-lite", STRICT, 1000000, 0, {100000, 10000, 0, 400000, 0, 0, 0}},
	{"gemini", "gemini-4-argon", STRICT, 1048576, 0, {4000000, 200000, 0, 20000000, 0, 0, 0}}, // from December; half that before
	{"gemini", "gemini-3.7-flash", STRICT, 1000000, 0, {750000, 75000, 0, 3750000, 0, 0, 0}},
	{"gemini", "gemini-3.6-flash", STRICT, 1000000, 0, {750000, 75000, 0, 3750000, 0, 0, 0}},
	{"gemini", "gemini-flash-latest", STRICT, 1000000, 0, {750000, 75000, 0, 3750000, 0, 0, 0}},
	{"gemini", "gemini-3.5-flash", STRICT, 1000000, 0, {1500000, 150000, 0, 9000000, 0, 0, 0}},
	{"gemini", "gemini-flash-lite-latest", STRICT, 1000000, 0, {300000, 30000, 0, 2500000, 0, 0, 0}},
	{"gemini", "gemini-3-flash-preview", STRICT, 1000000, 0, {500000, 50000, 0, 3000000, 0, 0, 0}},
	{"gemini", "gemini-3.1-pro-preview", STRICT, 0, 0, {2000000, 200000, 0, 12000000, 200000, 4000000, 18000000}},
	{"gemini", "gemini-pro-latest", STRICT, 0, 0, {2000000, 200000, 0, 12000000, 200000, 4000000, 18000000}},
	{"gemini", "gemini-2.5-flash", STRICT, 1048576, 0, {300000, 30000, 0, 2500000, 0, 0, 0}},
	{"gemini", "gemini-2.5-pro", STRICT, 0, 0, {1250000, 125000, 0, 10000000, 200000, 2500000, 15000000}},

	{"mistral", "mistral-small-latest", STRICT, 262144, 0, {150000, 15000, 0, 600000, 0, 0, 0}},
	{"mistral", "mistral-small-2603", STRICT, 262144, 0, {150000, 15000, 0, 600000, 0, 0, 0}},
	{"mistral", "mistral-small-2506", STRICT, 128000, 0, {100000, 0, 0, 300000, 0, 0, 0}},
	{"mistral", "ministral-8b-latest", STRICT, 262144, 0, {150000, 15000, 0, 150000, 0, 0, 0}},
	{"mistral", "ministral-8b-2512", STRICT, 262144, 0, {150000, 15000, 0, 150000, 0, 0, 0}},
	{"mistral", "mistral-large-latest", STRICT, 262144, 0, {700000, 70000, 0, 2100000, 0, 0, 0}}, // 3 or 4: the dearer one's
	{"mistral", "mistral-large-4", STRICT, 1048576, 0, {700000, 70000, 0, 2100000, 0, 0, 0}},
	{"mistral", "mistral-large-2512", STRICT, 262144, 0, {500000, 50000, 0, 1500000, 0, 0, 0}},
	{"mistral", "mistral-large-2411", STRICT, 0, 0, {2000000, 0, 0, 6000000, 0, 0, 0}},
	{"mistral", "mistral-medium-latest", STRICT, 262144, 0, {1500000, 150000, 0, 7500000, 0, 0, 0}},
	{"mistral", "mistral-medium-3-5", STRICT, 262144, 0, {1500000, 150000, 0, 7500000, 0, 0, 0}},
	{"mistral", "mistral-medium-2604", STRICT, 262144, 0, {1500000, 150000, 0, 7500000, 0, 0, 0}},
	{"mistral", "mistral-medium-2508", STRICT, 0, 0, {400000, 40000, 0, 2000000, 0, 0, 0}},
	{"mistral", "ministral-14b-2512", STRICT, 262144, 0, {200000, 20000, 0, 200000, 0, 0, 0}},
	{"mistral", "ministral-3b-2512", STRICT, 131072, 0, {100000, 10000, 0, 100000, 0, 0, 0}},
	{"mistral", "codestral-latest", STRICT, 256000, 0, {300000, 0, 0, 900000, 0, 0, 0}},
	{"mistral", "codestral-2508", STRICT, 256000, 0, {300000, 30000, 0, 900000, 0, 0, 0}},

	{"groq", "openai/gpt-oss-20b", STRICT, 131072, 0, {75000, 37500, 0, 300000, 0, 0, 0}},
	{"groq", "openai/gpt-oss-120b", STRICT, 131072, 0, {150000, 75000, 0, 600000, 0, 0, 0}},
	{"groq", "llama-3.3-70b-versatile", OBJECT, 131072, 0, {590000, 0, 0, 790000, 0, 0, 0}},
	{"groq", "llama-3.1-8b-instant", OBJECT, 131072, 0, {50000, 0, 0, 80000, 0, 0, 0}},
	{"groq", "meta-llama/llama-4-maverick-17b-128e-instruct", STRICT, 131072, 0, {200000, 0, 0, 600000, 0, 0, 0}},
	{"groq", "meta-llama/llama-4-scout-17b-16e-instruct", STRICT, 0, 0, {110000, 0, 0, 340000, 0, 0, 0}},
	{"groq", "moonshotai/kimi-k2-instruct", STRICT, 131072, 0, {1000000, 500000, 0, 3000000, 0, 0, 0}},
	{"groq", "qwen/qwen3.8-27b", STRICT, 131072, 0, {800000, 0, 0, 4000000, 0, 0, 0}},
	{"groq", "qwen/qwen3-32b", STRICT, 131072, 0, {290000, 0, 0, 590000, 0, 0, 0}},
	{"groq", "llama-3*", OBJECT, 131072, 0, {0}},

	// Without "global." a region's price; other geographies are cut off (models_find.c).
	{"bedrock", "global.anthropic.claude-haiku-5-5", STRICT, 1000000, 128000, {100000, 10000, 125000, 500000, 100000, 500000, 2500000}},
	{"bedrock", "anthropic.claude-haiku-5-5", STRICT, 1000000, 128000, {110000, 11000, 137500, 550000, 100000, 550000, 2750000}},
	{"bedrock", "global.anthropic.claude-haiku-4-5", STRICT, 200000, 64000, {1000000, 100000, 1250000, 5000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-haiku-4-5", STRICT, 200000, 64000, {1100000, 110000, 1375000, 5500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-fable-5-2", STRICT, 1000000, 0, {8000000, 200000, 10000000, 40000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-fable-5-2", STRICT, 1000000, 0, {8800000, 220000, 11000000, 44000000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-fable-5-1", STRICT, 1000000, 0, {10000000, 250000, 12500000, 50000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-fable-5-1", STRICT, 1000000, 0, {11000000, 275000, 13750000, 55000000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-fable-5", STRICT, 1000000, 0, {10000000, 1000000, 12500000, 50000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-fable-5", STRICT, 1000000, 0, {11000000, 1100000, 13750000, 55000000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-opus-5-5", STRICT, 1000000, 0, {4000000, 200000, 5000000, 20000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-5-5", STRICT, 1000000, 0, {4400000, 220000, 5500000, 22000000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-opus-5", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-5", STRICT, 1000000, 0, {5500000, 550000, 6875000, 27500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-opus-4-8", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-4-8", STRICT, 1000000, 0, {5500000, 550000, 6875000, 27500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-opus-4-7", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-4-7", STRICT, 1000000, 0, {5500000, 550000, 6875000, 27500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-opus-4-6", STRICT, 1000000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-4-6", STRICT, 1000000, 0, {5500000, 550000, 6875000, 27500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-opus-4-5", STRICT, 200000, 0, {5000000, 500000, 6250000, 25000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-4-5", STRICT, 200000, 0, {5500000, 550000, 6875000, 27500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-sonnet-5-5", STRICT, 1000000, 0, {2000000, 100000, 2500000, 10000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-sonnet-5-5", STRICT, 1000000, 0, {2200000, 110000, 2750000, 11000000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-sonnet-5", STRICT, 1000000, 0, {2000000, 200000, 2500000, 10000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-sonnet-5", STRICT, 1000000, 0, {2200000, 220000, 2750000, 11000000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-sonnet-4-6", STRICT, 1000000, 0, {3000000, 300000, 3750000, 15000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-sonnet-4-6", STRICT, 1000000, 0, {3300000, 330000, 4125000, 16500000, 0, 0, 0}},
	{"bedrock", "global.anthropic.claude-sonnet-4-5", STRICT, 200000, 0, {3000000, 300000, 3750000, 15000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-sonnet-4-5", STRICT, 200000, 0, {3300000, 330000, 4125000, 16500000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-4-1", STRICT, 200000, 0, {15000000, 1500000, 18750000, 75000000, 0, 0, 0}},
	{"bedrock", "global.openai.gpt-6-sol", STRICT, 1000000, 0, {2000000, 200000, 2500000, 10000000, 272000, 4000000, 15000000}},
	{"bedrock", "openai.gpt-6-sol", STRICT, 1000000, 0, {2200000, 220000, 2750000, 11000000, 272000, 4400000, 16500000}},
	{"bedrock", "global.openai.gpt-6-luna", STRICT, 1000000, 0, {100000, 10000, 125000, 500000, 272000, 200000, 750000}},
	{"bedrock", "openai.gpt-6-luna", STRICT, 1000000, 0, {110000, 11000, 137500, 550000, 272000, 220000, 825000}},
	{"bedrock", "global.openai.gpt-6.1-sol", STRICT, 1000000, 0, {2000000, 100000, 2500000, 10000000, 272000, 4000000, 15000000}},
	{"bedrock", "openai.gpt-6.1-sol", STRICT, 1000000, 0, {2200000, 110000, 2750000, 11000000, 272000, 4400000, 16500000}},
	{"bedrock", "global.openai.gpt-6.1-terra", STRICT, 1050000, 0, {1000000, 50000, 1250000, 5000000, 272000, 2000000, 7500000}},
	{"bedrock", "openai.gpt-6.1-terra", STRICT, 1050000, 0, {1100000, 55000, 1375000, 5500000, 272000, 2200000, 8250000}},
	{"bedrock", "global.openai.gpt-5.6-luna", STRICT, 1000000, 0, {200000, 20000, 250000, 1200000, 272000, 400000, 1800000}},
	{"bedrock", "openai.gpt-5.6-luna", STRICT, 1000000, 0, {220000, 22000, 275000, 1320000, 272000, 440000, 1980000}},
	{"bedrock", "openai.gpt-oss-120b-1", STRICT, 128000, 0, {150000, 0, 0, 600000, 0, 0, 0}},
	{"bedrock", "openai.gpt-oss-20b-1", STRICT, 128000, 0, {70000, 0, 0, 300000, 0, 0, 0}},
	{"bedrock", "us-gov.anthropic.claude-haiku-4-5", STRICT, 200000, 64000, {0}}, // not published
	{"bedrock", "us-gov.anthropic.claude-3*", TOOL, 200000, 0, {0}},
	{"bedrock", "anthropic.claude-3*", TOOL, 200000, 0, {0}},
	{"bedrock", "anthropic.claude-sonnet-4", TOOL, 200000, 0, {3000000, 300000, 3750000, 15000000, 0, 0, 0}},
	{"bedrock", "anthropic.claude-opus-4", TOOL, 200000, 0, {15000000, 1500000, 18750000, 75000000, 0, 0, 0}},
	{"bedrock", "amazon.nova-micro", TOOL, 128000, 0, {35000, 8750, 0, 140000, 0, 0, 0}},
	{"bedrock", "amazon.nova-lite", TOOL, 300000, 0, {60000, 15000, 0, 240000, 0, 0, 0}},
	{"bedrock", "amazon.nova-pro", TOOL, 300000, 0, {800000, 200000, 0, 3200000, 0, 0, 0}},
	{"bedrock", "amazon.nova-premier", TOOL, 1000000, 0, {2500000, 625000, 0, 12500000, 0, 0, 0}},
	{"bedrock", "global.amazon.nova-2-lite", TOOL, 1000000, 0, {300000, 75000, 0, 2500000, 0, 0, 0}},
	{"bedrock", "amazon.nova-2-lite", TOOL, 1000000, 0, {330000, 82500, 0, 2750000, 0, 0, 0}},
	{"bedrock", "amazon.nova*", TOOL, 0, 0, {0}},
};

// Models that think a good deal unless told, in tokens that count against the answer's.
static const struct {
	const char *model, *effort;
} efforts[] = {
	{"gpt-6-luna", "none"}, {"gpt-6-sol", "none"}, {"gpt-5.1", "none"}, {"gpt-5.2", "none"},
	{"gpt-5.3", "none"}, {"gpt-5.4", "none"}, {"gpt-5.5", "none"}, {"gpt-5.6", "none"},
	{"gpt-6.1-terra", "none"}, {"gpt-6", "low"}, {"gpt-5", "minimal"}, {"o3", "low"},
	{"o4-mini", "low"}, {"gpt-oss", "low"},
};
// clang-format on

const struct bs_model *bs_model_at(size_t index)
{
	return index < sizeof(models) / sizeof(models[0]) ? &models[index] : NULL;
}

const char *bs_model_effort(const char *model)
{
	const char *slash = strrchr(model, '/'); // "openai/gpt-6-luna" at those who pass it on
	struct bs_str name = bs_str_c(slash ? slash + 1 : model);
	for (size_t i = 0; i < sizeof(efforts) / sizeof(efforts[0]); i++)
		if (bs_model_begins(name, efforts[i].model))
			return efforts[i].effort;
	return NULL;
}
