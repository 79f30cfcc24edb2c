#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# The rules of Buildkite's plugin linter: plugin.yml has what a plugin must have, its configuration is a JSON schema, and every example of
# both READMEs that names the plugin fits it and names this version.
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from tap import ROOT, done, equal, ok, skip

try:
    import jsonschema
    import yaml
except ImportError as missing:
    skip("the plugin linter's rules", str(missing))
    done()

NAME = re.compile(r"(\./plugin|\S+/plugin#v\S+)$")
# What a configuration of ours may not be, and why.
WRONG = {
    "an unknown property": {"anotation": {}},
    "an unknown part of a property": {"annotation": {"colour": "red"}},
    "a word that is none of the list": {"annotation": {"scope": "page"}},
    "a number out of range": {"annotation": {"priority": 11}},
    "a text for a list": {"route": "openai"},
    "a number for a switch": {"offline": 1},
    "an unknown key of a provider": {"providers": {"openai": {"key": "x"}}},
    "an unknown key of the installation": {"install": {"md5": "x"}},
}


def examples(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        blocks = re.findall(r"```ya?ml\n+(.*?)\n+```", file.read(), re.S)
    for block in blocks:
        parsed = yaml.safe_load(block)
        steps = parsed.get("steps", []) if isinstance(parsed, dict) else parsed
        if isinstance(parsed, dict) and "plugins" in parsed:
            steps = [parsed]
        for step in steps:
            for plugin in step.get("plugins", []) if isinstance(step, dict) else []:
                for name, config in plugin.items() if isinstance(plugin, dict) else [(plugin, None)]:
                    if NAME.match(name):
                        yield name, config


with open(os.path.join(ROOT, "plugin/plugin.yml"), encoding="utf-8") as source:
    plugin_yml = yaml.safe_load(source)
with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as source:
    version = re.search(r"^VERSION *:= *(\S+)", source.read(), re.M)[1]

with open(os.path.join(ROOT, "plugin/wrap/plugin.yml"), encoding="utf-8") as source:
    wrap = yaml.safe_load(source)
equal((sorted(wrap), wrap["configuration"]["properties"], wrap["configuration"]["additionalProperties"]), (sorted(plugin_yml), {}, False),
      "plugin/wrap/plugin.yml has what plugin.yml has, and no property")

schema = plugin_yml.get("configuration")
for key, kind in {"name": str, "description": str, "author": str, "requirements": list, "configuration": dict}.items():
    ok(isinstance(plugin_yml.get(key), kind), f"plugin.yml: {key} is a {kind.__name__}")
for key, kind in {"properties": dict, "required": list, "additionalProperties": bool}.items():
    ok(isinstance(schema.get(key), kind), f"plugin.yml: configuration.{key} is a {kind.__name__}")
equal(schema["additionalProperties"], False, "a property that is not known is refused")
try:
    jsonschema.Draft7Validator.check_schema(schema)
    ok(True, "the configuration is a JSON schema (draft 7)")
except jsonschema.SchemaError as error:
    ok(False, "the configuration is a JSON schema (draft 7)", error)
validator = jsonschema.Draft7Validator(schema)
for name, config in WRONG.items():
    ok(not validator.is_valid(config), f"{name} does not fit it")

for path, count_min in (("plugin/README.md", 5), ("README.md", 2)):
    found = list(examples(path))
    ok(len(found) >= count_min, f"{path}: it has examples", len(found))
    for name, config in found:
        errors = [] if config is None else [f"{error.json_path}: {error.message}" for error in validator.iter_errors(config)]
        equal(errors, [], f"{path}: an example of {name} fits plugin.yml")
        ok("#" not in name or name.endswith(f"#v{version}"), f"{path}: {name} is this version, {version}")
with open(os.path.join(ROOT, "plugin/README.md"), encoding="utf-8") as source:
    text = source.read()
for link in re.findall(r"\]\(([^)]+)\)", text):
    ok(os.path.exists(os.path.join(ROOT, "plugin", link)), f"plugin/README.md: {link} is there")
size = os.path.getsize(os.path.join(ROOT, "plugin/annotation.png"))
ok(size < 150_000, "the picture is small", size)
known = open(os.path.join(ROOT, "core/config/warnings.c"), encoding="utf-8").read()
for variable in sorted(set(re.findall(r"BUILDSUM_[A-Z0-9_]+", text))):
    ok(variable in known or variable[len("BUILDSUM_"):].lower().split("_")[0] in schema["properties"], f"plugin/README.md: {variable} is known")
done()
