#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Annotations as a build's page shows them: what Buildkite's sanitiser takes away (nothing), and how they stand in a real browser, on a
# desk and on a phone. --screenshot PATH writes a picture of the first instead.
import html
import json
import os
import re
import shutil
import struct
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import page
import samples
from tap import done, equal, ok, skip, tempdir

BODY_BYTES_AIM = 32 * 1024
WIDTHS = {"a desk": (900, 640), "a phone": (390, 800)}
# Measured where the page is laid out: what sticks out of the annotation, and what the browser made of it.
MEASURE = """<script>
const frame = document.querySelector('iframe'), inner = frame.contentDocument, box = inner.querySelector('.annotation');
const wide = [...box.querySelectorAll('h4, p, li, summary, details, pre')].filter(e => e.getBoundingClientRect().right > box.getBoundingClientRect().right
  || (!['PRE', 'DETAILS'].includes(e.tagName) && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline')).map(e => e.tagName);
document.title = 'measured';
document.body.dataset.measured = JSON.stringify({wide, height: box.offsetHeight, width: box.offsetWidth,
  active: box.querySelectorAll('img, a, script, iframe, form, input, svg, [onerror], [onload]').length,
  requests: frame.contentWindow.performance.getEntriesByType('resource').length, folded: [...box.querySelectorAll('details')].every(e => !e.open)});
</script>"""


def measure(folder, document, width, height):
    with open(os.path.join(folder, "page.html"), "w", encoding="utf-8") as file:
        file.write(document)
    with open(os.path.join(folder, "frame.html"), "w", encoding="utf-8") as file:
        file.write(f'<body style="margin:0"><iframe src="page.html" style="border:0;width:{width}px;height:{height}px"></iframe>'
                   f"<script>onload = () => {{ {MEASURE[8:-9]} }}</script>")
    shown = page.chromium(folder, f"file://{folder}/frame.html", "--allow-file-access-from-files", "--dump-dom", "--window-size=1000,900")
    found = re.search(r'data-measured="([^"]*)"', shown)
    return json.loads(html.unescape(found[1])) if found else {}


def colours(path):
    """Of a PNG of 8 bits a channel: the set of its pixels' colours, as far as the first 4 MB of it go."""
    with open(path, "rb") as file:
        data = file.read()
    at, packed, channels = 8, b"", 3
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            channels = {2: 3, 6: 4}[data[at + 8 + 9]]
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += 12 + size
    raw = zlib.decompressobj().decompress(packed, 4 << 20)
    return {raw[i:i + channels] for i in range(1, len(raw) - channels, channels)}


def check_kept(all_samples):
    for name, (_, markdown) in all_samples.items():
        rendered = page.render(markdown)
        kept = page.sanitise(rendered)
        equal(kept.dropped, [], f"{name}: the sanitiser takes nothing away")
        equal((kept.links, kept.images), ([], []), f"{name}: nothing in it is active")
        ok(len(markdown) <= BODY_BYTES_AIM, f"{name}: it is as small as it should be", len(markdown))
        ok(kept.tags.count("details") <= 1 and "h4" in kept.tags, f"{name}: it has a headline and at most one fold", kept.tags)
        ok(page.sanitise(kept.html).html == kept.html, f"{name}: sanitising it again changes nothing")
    by_model = page.sanitise(page.render(all_samples["by-a-model"][1])).text
    ok("gateway/our-model answered in" in by_model and "after openai 429" in by_model, "the footer tells who answered after what", by_model[-200:])
    rules = page.sanitise(page.render(all_samples["by-rules"][1])).text
    equal(rules.split("The lines that matter")[0].count("'roles': ['dev', 'ops']"), 3, "a message that the paragraph quotes is not repeated in the list")
    ok("tests/test_render.py:29" in rules, "a place can be copied as it is")


def check_shown(all_samples):
    if not page.browser():
        return skip("annotations in a real browser", "chromium is not installed")
    for name, (style, markdown) in all_samples.items():
        document = page.page(page.sanitise(page.render(markdown)).html, style)
        for where, (width, height) in WIDTHS.items():
            with tempdir() as folder:
                seen = measure(folder, document, width, height)
                equal(seen.get("wide"), [], f"{name} on {where}: nothing sticks out of it")
                equal((seen.get("active"), seen.get("requests"), seen.get("folded")), (0, 0, True),
                      f"{name} on {where}: nothing is active or fetched, and the excerpt is folded away")
                most = (3 if name == "very-long" else 1) * height  # ten failures are three screens of a phone
                ok(0 < seen.get("height", 0) <= most, f"{name} on {where}: it is no longer than it must be", seen)
    with tempdir() as folder:
        path = os.path.join(folder, "shot.png")
        style, markdown = all_samples["by-a-model"]
        page.screenshot(folder, page.page(page.sanitise(page.render(markdown)).html, style), path, *WIDTHS["a desk"])
        ok(len(colours(path)) > 20, "a screenshot shows text, not an empty page")


if sys.argv[1:2] == ["--screenshot"]:
    if not page.browser():
        sys.exit("no screenshot: chromium is not installed")
    with tempdir() as scratch:
        kind, text = samples.all_samples()["by-a-model"]
        page.screenshot(scratch, page.page(page.sanitise(page.render(text)).html, kind), os.path.abspath(sys.argv[2]), 900, 364)
    sys.exit(0)
if not shutil.which("cmark-gfm"):
    skip("annotations are kept as they are", "cmark-gfm is not installed")
    done()
found = samples.all_samples()
check_kept(found)
if "--browser" in sys.argv:
    check_shown(found)
done()
