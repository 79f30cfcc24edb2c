# SPDX-License-Identifier: MIT
# Replies made of the official SDKs' own types, with what the SDK itself reads out of them.
#
# Every member that a type has may be there, filled at random; what an answer is about (text, stop reason, usage) is chosen.
import json
import random

TEXTS = ('{"headline":"x"}', 'line one\nline two \u2028 "quoted" \\ \t end', "\u00e4\u4e16\U0001f600 " * 20, "a" * 3000)


class Random(random.Random):
    """Values for a JSON Schema, as far as pydantic writes them."""

    def value(self, schema, root, depth=0):
        if "$ref" in schema:
            return self.value(root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, depth)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                options = schema[word]
                if depth > 6:
                    options = [o for o in options if o.get("type") == "null"] or options
                return self.value(self.choice(options), root, depth + 1)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.choice(schema["enum"])
        return self.typed(schema, root, depth)

    def typed(self, schema, root, depth):
        kind = schema.get("type")
        if kind == "object" or "properties" in schema:
            needed = schema.get("required", [])
            return {k: self.value(v, root, depth + 1) for k, v in schema.get("properties", {}).items()
                    if k in needed or depth < 5 and self.random() < 0.5}
        if kind == "array":
            return [self.value(schema.get("items", {}), root, depth + 1)
                    for _ in range(0 if depth > 5 else self.randrange(3))]
        if kind == "integer":
            return self.randrange(schema.get("minimum", 0), 100000)
        if kind == "number":
            return round(self.random() * 1000, 3)
        if kind == "boolean":
            return self.random() < 0.5
        if kind == "string":
            if schema.get("format") == "date-time":
                return "2026-11-25T13:00:00Z"
            return self.choice(("", "a", "text with \"quotes\"\nand lines", "\u00e9\u4e16\U0001f600"))
        return None

    def instance(self, model, /, **chosen):
        """A JSON value that the SDK's type accepts, with the chosen members."""
        schema = model.model_json_schema(by_alias=True)
        for _ in range(200):
            value = {**self.value(schema, schema), **chosen}
            try:
                return model.model_validate(value), value
            except ValueError:
                continue
        raise AssertionError("no instance of %s could be made" % model)

    def pieces(self, text):
        while text:
            n = self.randrange(1, 1 + max(1, len(text) // 3))
            yield text[:n]
            text = text[n:]


def sse(events, named=False, done=False):
    lines = []
    for event in events:
        if named:
            lines.append("event: %s\n" % event["type"])
        lines.append("data: %s\n\n" % json.dumps(event))
    return "".join(lines + (["data: [DONE]\n\n"] if done else []))


def expected(text, stop, usage, **more):
    return {"text": text or "", "stop": stop, "input": usage[0], "output": usage[1], "cached": usage[2], **more}


# --- chat completions

CHAT_STOPS = {"stop": "complete", "length": "truncated", "content_filter": "filtered", "tool_calls": "complete",
              "refusal": "refused"}


def chat_usage(r, model):
    usage = r.instance(model, prompt_tokens=r.randrange(5000), completion_tokens=r.randrange(500), total_tokens=1)[1]
    usage["prompt_tokens_details"] = {"cached_tokens": r.randrange(1000)}
    return usage, (usage["prompt_tokens"], usage["completion_tokens"], usage["prompt_tokens_details"]["cached_tokens"])


def chat_message(r, model, way, text):
    message = r.instance(model)[1]
    for member in ("tool_calls", "function_call", "refusal", "content", "reasoning", "executed_tools"):
        message.pop(member, None)
    if way == "tool_calls":
        message["tool_calls"] = [{"id": "c", "type": "function", "function": {"name": "ci_summary", "arguments": text}}]
        message["content"] = r.choice((None, "", "said beside it"))
    elif way == "refusal":
        message.update(content=None, refusal=text)
    else:
        message["content"] = text
    return message


def chat_whole(r, module, way, text):
    from importlib import import_module
    types = import_module(module)
    usage, counts = chat_usage(r, types.CompletionUsage if hasattr(types, "CompletionUsage") else
                               import_module(module.rsplit(".", 1)[0]).CompletionUsage)
    choice = {"index": 0, "finish_reason": {"refusal": "stop"}.get(way, way), "logprobs": None,
              "message": chat_message(r, types.ChatCompletionMessage, way, text)}
    instance, body = r.instance(types.ChatCompletion, choices=[choice], usage=usage)
    message = instance.choices[0].message
    read = message.tool_calls[0].function.arguments if message.tool_calls else message.content
    return "whole", json.dumps(body), expected(read, CHAT_STOPS[way], counts, model=body["model"],
                                               refusal=getattr(message, "refusal", None) or "")


def openai_whole(r, way, text):
    return chat_whole(r, "openai.types.chat", way, text)


def groq_whole(r, way, text):
    return chat_whole(r, "groq.types.chat", way, text)


def openai_stream(r, way, text):
    from openai.lib.streaming.chat import ChatCompletionStreamState
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk
    usage, counts = chat_usage(r, CompletionUsage)

    def delta(**members):
        return {"index": 0, "delta": members, "finish_reason": None}
    choices = [[delta(role="assistant", content="")]]
    if way == "tool_calls":
        call = {"index": 0, "id": "c", "type": "function", "function": {"name": "ci_summary", "arguments": ""}}
        choices.append([delta(tool_calls=[call])])
    for piece in r.pieces(text):
        if way == "tool_calls":
            choices.append([delta(tool_calls=[{"index": 0, "function": {"arguments": piece}}])])
        else:
            choices.append([delta(**{"refusal" if way == "refusal" else "content": piece})])
    choices.append([{"index": 0, "delta": {}, "finish_reason": {"refusal": "stop"}.get(way, way)}])
    head = {"id": "i", "created": 1, "model": "m-1", "object": "chat.completion.chunk"}
    chunks = [r.instance(ChatCompletionChunk, choices=c, usage=None, **head) for c in choices]
    chunks.append(r.instance(ChatCompletionChunk, choices=[], usage=usage, **head))
    state = ChatCompletionStreamState()
    for instance, _ in chunks:
        state.handle_chunk(instance)
    message = state.current_completion_snapshot.choices[0].message
    read = message.tool_calls[0].function.arguments if message.tool_calls else message.content
    return "stream", sse((body for _, body in chunks), done=True), expected(
        read, CHAT_STOPS[way], counts, model="m-1", refusal=message.refusal or "", finished=True, sentinel=True)


def groq_stream(r, way, text):
    from groq.types.chat import ChatCompletionChunk
    head = {"id": "i", "created": 1, "model": "m-1", "object": "chat.completion.chunk"}
    deltas = [{"content": p} for p in r.pieces(text)]
    if way == "tool_calls":
        deltas = [{"tool_calls": [{"index": 0, "function": {"arguments": p}}]} for p in r.pieces(text)]
    chunks = [r.instance(ChatCompletionChunk, **head, usage=None, x_groq=None, choices=[
        {"index": 0, "delta": delta, "finish_reason": None}]) for delta in [{"role": "assistant", "content": ""}] + deltas]
    usage = {"prompt_tokens": 9, "completion_tokens": 8, "total_tokens": 17, "prompt_tokens_details": {"cached_tokens": 7}}
    chunks.append(r.instance(ChatCompletionChunk, **head, usage=None, x_groq={"id": "g", "usage": usage}, choices=[
        {"index": 0, "delta": {}, "finish_reason": way}]))
    read = "".join(c.choices[0].delta.tool_calls[0].function.arguments if c.choices[0].delta.tool_calls
                   else c.choices[0].delta.content or "" for c, _ in chunks)
    return "stream", sse((body for _, body in chunks), done=True), expected(
        read, CHAT_STOPS[way], (9, 8, 7), model="m-1", finished=True, sentinel=True)


def mistral_whole(r, way, text):
    from mistralai.client import models
    usage, counts = chat_usage(r, models.UsageInfo)
    if way == "tool_calls":
        message = {"role": "assistant", "content": "", "tool_calls": [
            {"id": "c", "function": {"name": "ci_summary", "arguments": text}}]}
    else:
        parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": text}]
        message = {"role": "assistant", "content": r.choice((text, parts))}
    finish = {"refusal": "stop", "content_filter": "model_length"}.get(way, way)
    stop = {"content_filter": "truncated", "refusal": "complete"}.get(way, CHAT_STOPS[way])
    instance, body = r.instance(models.ChatCompletionResponse, usage=usage,
                                choices=[{"index": 0, "finish_reason": finish, "message": message}])
    assert instance.choices[0].finish_reason == finish
    return "whole", json.dumps(body), expected(text, stop, counts, model=body["model"])


# --- Anthropic

ANTHROPIC_STOPS = {"stop": ("end_turn", "complete"), "length": ("max_tokens", "truncated"),
                   "content_filter": ("model_context_window_exceeded", "context_exceeded"),
                   "tool_calls": ("tool_use", "complete"), "refusal": ("refusal", "refused")}


def anthropic_blocks(r, way, text):
    blocks = [{"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "redacted_thinking", "data": "d"}]
    blocks = r.sample(blocks, r.randrange(3))
    if way == "tool_calls":
        return blocks + [{"type": "tool_use", "id": "t", "name": "ci_summary", "input": {"headline": text}}]
    return blocks + [{"type": "text", "text": piece, "citations": None} for piece in r.pieces(text)]


def anthropic_usage(r, model):
    usage = r.instance(model)[1]
    for member in ("cache_creation_input_tokens", "cache_read_input_tokens"):
        usage[member] = r.choice((None, r.randrange(1000)))
    made, got = usage["cache_creation_input_tokens"] or 0, usage["cache_read_input_tokens"] or 0
    return usage, (usage["input_tokens"] + made + got, usage["output_tokens"], got)


def anthropic_refusal(r, way):
    if way != "refusal":
        return None
    return {"type": "refusal", "category": r.choice(("cyber", "bio", None)), "explanation": r.choice((None, "why"))}


def anthropic_read(message, way, counts):
    text = "".join(b.text for b in message.content if b.type == "text")
    tools = [b for b in message.content if b.type == "tool_use"]
    if tools:
        text = json.dumps(tools[0].input, ensure_ascii=False, separators=(",", ":"))
    details = message.stop_details
    return expected(text, ANTHROPIC_STOPS[way][1], counts, model=message.model,
                    refusal=(details.explanation if details else None) or "")


def anthropic_whole(r, way, text):
    from anthropic.types import Message, Usage
    usage, counts = anthropic_usage(r, Usage)
    instance, body = r.instance(Message, content=anthropic_blocks(r, way, text), usage=usage,
                                stop_reason=ANTHROPIC_STOPS[way][0], stop_details=anthropic_refusal(r, way))
    return "whole", json.dumps(body), anthropic_read(instance, way, counts)


def anthropic_stream(r, way, text):
    from anthropic.lib.streaming._messages import accumulate_event
    from anthropic.types import Message, RawMessageStreamEvent, Usage
    from pydantic import TypeAdapter
    usage, counts = anthropic_usage(r, Usage)
    start = r.instance(Message, content=[], stop_reason=None, stop_details=None, stop_sequence=None,
                       usage={**usage, "output_tokens": 1})[1]
    events = [{"type": "message_start", "message": start}]
    for i, block in enumerate(anthropic_blocks(r, way, text)):
        empty = {**block, **{k: v for k, v in (("text", ""), ("input", {}), ("thinking", "")) if k in block}}
        events.append({"type": "content_block_start", "index": i, "content_block": empty})
        if "text" in block:
            deltas = [{"type": "text_delta", "text": p} for p in r.pieces(block["text"])]
        elif "input" in block:
            deltas = [{"type": "input_json_delta", "partial_json": p} for p in r.pieces(json.dumps(block["input"]))]
        else:
            deltas = [{"type": "thinking_delta", "thinking": p} for p in r.pieces(block.get("thinking", ""))]
        events += [{"type": "content_block_delta", "index": i, "delta": d} for d in deltas]
        events.append({"type": "content_block_stop", "index": i})
    events.append({"type": "message_delta", "usage": {"output_tokens": counts[1]}, "delta": {
        "stop_reason": ANTHROPIC_STOPS[way][0], "stop_sequence": None, "stop_details": anthropic_refusal(r, way)}})
    events.append({"type": "message_stop"})
    snapshot, buffers, adapter = None, {}, TypeAdapter(RawMessageStreamEvent)
    for event in events:
        snapshot = accumulate_event(event=adapter.validate_python(event), current_snapshot=snapshot, json_bufs=buffers)
    read = anthropic_read(snapshot, way, counts)
    if way == "tool_calls":  # of a stream the text itself counts, white space and all
        read["text"] = json.dumps(snapshot.content[-1].input)
    return "stream", sse([events[0], {"type": "ping"}] + events[1:], named=True), dict(read, finished=True, sentinel=True)


# --- Responses

RESPONSES_STOPS = {"stop": ("completed", None, "complete"), "length": ("incomplete", "max_output_tokens", "truncated"),
                   "content_filter": ("incomplete", "content_filter", "filtered"),
                   "tool_calls": ("completed", None, "complete"), "refusal": ("completed", None, "refused")}


def responses_value(r, way, text):
    from openai.types.responses import Response, ResponseUsage
    status, reason, _ = RESPONSES_STOPS[way]
    usage = r.instance(ResponseUsage)[1]
    output = [{"type": "reasoning", "id": "r", "summary": []}] if r.random() < 0.5 else []
    if way == "tool_calls":
        output.append({"type": "function_call", "id": "f", "call_id": "c", "name": "ci_summary", "arguments": text,
                       "status": "completed"})
    else:
        parts = [{"type": "output_text", "text": p, "annotations": [], "logprobs": []} for p in r.pieces(text)]
        if way == "refusal":
            parts = [{"type": "refusal", "refusal": text}]
        output.append({"type": "message", "id": "m", "role": "assistant", "content": parts,
                       "status": "completed" if status == "completed" else "incomplete"})
    instance, body = r.instance(Response, output=output, usage=usage, status=status, error=None,
                                incomplete_details={"reason": reason} if reason else None)
    read = text if way == "tool_calls" else instance.output_text
    counts = (usage["input_tokens"], usage["output_tokens"], usage["input_tokens_details"]["cached_tokens"])
    return body, expected(read, RESPONSES_STOPS[way][2], counts, model=body["model"],
                          refusal=text if way == "refusal" else "")


def responses_whole(r, way, text):
    body, read = responses_value(r, way, text)
    return "whole", json.dumps(body), read


def responses_stream(r, way, text):
    from openai.types.responses import ResponseStreamEvent
    from pydantic import TypeAdapter
    body, read = responses_value(r, way, text)
    empty = {**body, "output": [], "status": "in_progress", "usage": None, "incomplete_details": None}
    events = [{"type": "response.created", "response": empty}, {"type": "response.in_progress", "response": empty}]
    for at, item in enumerate(body["output"]):
        opened = {**item, "content": []} if item["type"] == "message" else {**item, **(
            {"arguments": ""} if "arguments" in item else {})}
        where = {"output_index": at, "item_id": item["id"]}
        events.append({"type": "response.output_item.added", "output_index": at, "item": opened})
        for i, part in enumerate(item.get("content") or []):
            word = "refusal" if part["type"] == "refusal" else "output_text"
            key = "refusal" if word == "refusal" else "text"
            place = {**where, "content_index": i}
            events.append({"type": "response.content_part.added", **place, "part": {**part, key: ""}})
            more = {} if word == "refusal" else {"logprobs": []}
            events += [{"type": "response.%s.delta" % word, **place, **more, "delta": p} for p in r.pieces(part[key])]
            events.append({"type": "response.%s.done" % word, **place, **more, key: part[key]})
            events.append({"type": "response.content_part.done", **place, "part": part})
        if "arguments" in item:
            events += [{"type": "response.function_call_arguments.delta", **where, "delta": p}
                       for p in r.pieces(item["arguments"])]
            events.append({"type": "response.function_call_arguments.done", **where, "name": item["name"],
                           "arguments": item["arguments"]})
        events.append({"type": "response.output_item.done", "output_index": at, "item": item})
    events.append({"type": "response.%s" % body["status"], "response": body})
    adapter = TypeAdapter(ResponseStreamEvent)
    for n, event in enumerate(events):
        event["sequence_number"] = n
        adapter.validate_python(event)
    return "stream", sse(events, named=True), dict(read, finished=True)


# --- Gemini

GEMINI_STOPS = {"stop": ("STOP", "complete"), "length": ("MAX_TOKENS", "truncated"),
                "content_filter": ("PROHIBITED_CONTENT", "filtered"), "refusal": ("SAFETY", "filtered")}


def gemini_usage(r):
    prompt, cached, thoughts, said = r.randrange(1000, 5000), r.randrange(1000), r.choice((None, 77)), r.randrange(900)
    usage = {"promptTokenCount": prompt, "cachedContentTokenCount": cached, "candidatesTokenCount": said,
             "totalTokenCount": prompt + said + (thoughts or 0)}
    if thoughts:
        usage["thoughtsTokenCount"] = thoughts
    return usage, (prompt, said + (thoughts or 0), cached)


def gemini_value(r, parts, finish, usage):
    from google.genai import types
    candidate = {"index": 0, "content": {"role": "model", "parts": parts}}
    if finish:
        candidate["finishReason"] = finish
    value = {"candidates": [candidate], "modelVersion": "g-1", "responseId": "r", "usageMetadata": usage}
    return types.GenerateContentResponse.model_validate(value), value


def gemini_whole(r, way, text):
    usage, counts = gemini_usage(r)
    finish, stop = GEMINI_STOPS[way]
    parts = [{"text": "thought", "thought": True}] if r.random() < 0.5 else []
    instance, body = gemini_value(r, parts + [{"text": p} for p in r.pieces(text)], finish, usage)
    return "whole", json.dumps(body), expected(instance.text, stop, counts, model="g-1")


def gemini_stream(r, way, text):
    usage, counts = gemini_usage(r)
    finish, stop = GEMINI_STOPS[way]
    pieces = list(r.pieces(text))
    chunks = [gemini_value(r, [{"text": "thought", "thought": True}], None, {"promptTokenCount": counts[0]})]
    chunks += [gemini_value(r, [{"text": p}], finish if i == len(pieces) - 1 else None, usage)
               for i, p in enumerate(pieces)]
    read = "".join(instance.text or "" for instance, _ in chunks)
    return "stream", sse(body for _, body in chunks), expected(read, stop, counts, model="g-1", finished=True)


# --- Ollama

OLLAMA_STOPS = {"stop": ("stop", "complete"), "length": ("length", "truncated")}


def ollama_value(r, text, done, reason):
    from ollama import ChatResponse
    chosen = {"message": {"role": "assistant", "content": text}, "done": done, "done_reason": reason, "logprobs": None}
    return r.instance(ChatResponse, created_at="2026-11-25T13:00:00Z", model="l-1", **chosen)


def ollama_whole(r, way, text):
    reason, stop = OLLAMA_STOPS[way]
    instance, body = ollama_value(r, text, True, reason)
    body.update(prompt_eval_count=r.randrange(4000, 5000), eval_count=r.randrange(500))
    return "whole", json.dumps(body), expected(instance.message.content, stop,
                                               (body["prompt_eval_count"], body["eval_count"], 0), model="l-1")


def ollama_stream(r, way, text):
    reason, stop = OLLAMA_STOPS[way]
    lines = [ollama_value(r, piece, False, None) for piece in r.pieces(text)]
    for _, body in lines:
        body.pop("prompt_eval_count", None), body.pop("eval_count", None)
    last = ollama_value(r, "", True, reason)
    last[1].update(prompt_eval_count=4100, eval_count=17)
    read = "".join(instance.message.content for instance, _ in lines)
    return "stream", "".join(json.dumps(body) + "\n" for _, body in lines + [last]), expected(
        read, stop, (4100, 17, 0), model="l-1", finished=True)


# --- Bedrock Converse

BEDROCK_STOPS = {"stop": ("end_turn", "complete"), "length": ("max_tokens", "truncated"),
                 "content_filter": ("guardrail_intervened", "filtered"), "tool_calls": ("tool_use", "complete"),
                 "refusal": ("content_filtered", "filtered")}


def bedrock_whole(r, way, text):
    import botocore.parsers
    import botocore.session
    reason, stop = BEDROCK_STOPS[way]
    thought = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}}
    content = [thought] if r.random() < 0.5 else []
    content += [{"toolUse": {"toolUseId": "t", "name": "ci_summary", "input": {"headline": text}}}] \
        if way == "tool_calls" else [{"text": p} for p in r.pieces(text)]
    read_tokens, made = r.choice((0, 12)), r.choice((0, 34))
    usage = {"inputTokens": r.randrange(5000), "outputTokens": r.randrange(500), "totalTokens": 1,
             "cacheReadInputTokens": read_tokens, "cacheWriteInputTokens": made}
    body = json.dumps({"output": {"message": {"role": "assistant", "content": content}}, "stopReason": reason,
                       "usage": usage, "metrics": {"latencyMs": 5}})
    service = botocore.session.get_session().get_service_model("bedrock-runtime")
    shape = service.operation_model("Converse").output_shape
    parsed = botocore.parsers.create_parser("rest-json").parse(
        {"body": body.encode(), "headers": {}, "status_code": 200}, shape)
    parts = parsed["output"]["message"]["content"]
    tools = [p["toolUse"] for p in parts if "toolUse" in p]
    said = json.dumps(tools[0]["input"], ensure_ascii=False, separators=(",", ":")) if tools else "".join(
        p.get("text", "") for p in parts)
    # As Anthropic's: what was read from or written to a cache is not among the input tokens.
    counts = (usage["inputTokens"] + read_tokens + made, usage["outputTokens"], read_tokens)
    return "whole", body, expected(said, stop, counts)


# By wire format: (whose type, what makes one, the ways it can end).
ALL = ("stop", "length", "content_filter", "tool_calls", "refusal")
SAMPLES = {
    "openai": [("openai", openai_whole, ALL), ("openai", openai_stream, ALL),
               ("groq", groq_whole, ("stop", "length", "tool_calls")),
               ("groq", groq_stream, ("stop", "length", "tool_calls")), ("mistral", mistral_whole, ALL)],
    "anthropic": [("anthropic", anthropic_whole, ALL), ("anthropic", anthropic_stream, ALL)],
    "openai-responses": [("openai", responses_whole, ALL), ("openai", responses_stream, ALL)],
    "gemini": [("google-genai", gemini_whole, tuple(GEMINI_STOPS)), ("google-genai", gemini_stream, tuple(GEMINI_STOPS))],
    "ollama": [("ollama", ollama_whole, tuple(OLLAMA_STOPS)), ("ollama", ollama_stream, tuple(OLLAMA_STOPS))],
    "bedrock": [("botocore", bedrock_whole, ALL)],
}
