# SPDX-License-Identifier: MIT
# An annotation as a build's page shows it: Markdown through a CommonMark renderer, what Buildkite's sanitiser leaves of it, in a page.
import html
import html.parser
import os
import re
import shutil
import subprocess

EXTENSIONS = [word for name in ("table", "autolink", "strikethrough", "tasklist", "footnotes") for word in ("-e", name)]
# From buildkite.com/docs/pipelines/configure/annotations: what is kept; of classes, those that are documented and of use to us.
TAGS = {"span", "div", "p", "a", "img", "pre", "code", "table", "thead", "tbody", "tr", "th", "td", "details", "summary", "h1", "h2", "h3",
        "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "b", "i", "br", "hr", "blockquote", "del", "dl", "dt", "dd"}
CLASSES = {"bold", "italic", "muted", "red", "h4", "h5", "h6", "m0", "mt0", "mb0", "mt1", "mb1", "my1", "p0", "p1", "px1", "border", "rounded",
           "truncate"}
VOID = {"img", "br", "hr"}
SCHEMES = re.compile(r"(https?:|mailto:|itms-services:|artifact:|/|#)")


class Sanitiser(html.parser.HTMLParser):
    """Writes again what is allowed; `dropped` lists the rest."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.out, self.dropped, self.tags, self.links, self.images = [], [], [], [], []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.dropped.append(f"<{tag}>")
            return
        kept = []
        for name, value in attrs:
            value = value or ""
            if name == "class" and set(value.split()) <= CLASSES or (name, tag) == ("open", "details"):
                kept.append((name, value))
            elif (name, tag) in (("href", "a"), ("src", "img")) and SCHEMES.match(value):
                (self.links if name == "href" else self.images).append(value)
                kept.append((name, value))
            else:
                self.dropped.append(f"{tag} {name}={value}")
        self.tags.append(tag)
        self.out.append(f"<{tag}" + "".join(f' {name}="{html.escape(value)}"' for name, value in kept) + ">")

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag):
        if tag in TAGS and tag not in VOID:
            self.out.append(f"</{tag}>")

    def handle_data(self, data):
        self.text += data
        self.out.append(data)

    def handle_entityref(self, name):
        self.text += html.unescape(f"&{name};")
        self.out.append(f"&{name};")

    def handle_charref(self, name):
        self.text += html.unescape(f"&#{name};")
        self.out.append(f"&#{name};")

    def handle_comment(self, data):
        self.dropped.append("a comment")

    unknown_decl = handle_pi = handle_decl = handle_comment

    @property
    def html(self):
        return "".join(self.out)


def render(markdown):
    """The HTML of it, before anything is taken away."""
    done = subprocess.run(["cmark-gfm", "--unsafe", *EXTENSIONS], input=markdown, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def sanitise(rendered):
    sanitiser = Sanitiser()
    sanitiser.feed(rendered)
    sanitiser.close()
    return sanitiser


# Close to the look of a build's page; sizes and colours are ours.
STYLE = """
body { margin: 0; padding: 16px; background: #fff; color: #1f2328; font: 14px/1.5 -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }
.annotation { border: 1px solid #d9d9de; border-left: 4px solid; border-radius: 4px; padding: 12px 16px; overflow: hidden }
.error { border-left-color: #f83f23 } .warning { border-left-color: #ff9e17 } .info { border-left-color: #3f8ae0 } .success { border-left-color: #00be6c }
.annotation > :first-child { margin-top: 0 } .annotation > :last-child { margin-bottom: 0 }
h4, .h4 { font-size: 16px; line-height: 1.3; margin: 0 0 8px } p, ul, pre, details, table { margin: 0 0 10px } ul { padding-left: 20px }
code { font: 12px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; background: #f2f2f4; border-radius: 3px; padding: 1px 4px }
pre { background: #f7f7f9; border-radius: 4px; padding: 8px 12px; overflow-x: auto } pre code { background: none; padding: 0 }
.bold { font-weight: 600 } .muted { color: #73737a } .red { color: #d92d20 } .mb0 { margin-bottom: 0 } .mt1 { margin-top: 8px } a { color: #0b6bcb } summary { cursor: pointer }
td, th { border: 1px solid #d9d9de; padding: 4px 8px; text-align: left; vertical-align: top } table { border-collapse: collapse }
"""


def page(inner, style="error"):
    return (f'<!doctype html><html><head><meta charset="utf-8"><style>{STYLE}</style></head>'
            f'<body><div class="annotation {style}">{inner}</div></body></html>')


# --- a browser

def browser():
    return next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)


def chromium(folder, address, *words):
    """Runs it without a network; its standard output."""
    full = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}
    words = [browser(), "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking",
             "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile", *words, address]
    done = subprocess.run(words, env=full, capture_output=True, check=True, timeout=90, cwd=folder)
    return done.stdout.decode("utf-8", "replace")


def screenshot(folder, document, path, width, height):
    """A PNG of the page at that width; narrower than a browser's window may be, it stands in a frame."""
    inner = os.path.join(folder, "page.html")
    with open(inner, "w", encoding="utf-8") as file:
        file.write(document)
    outer = os.path.join(folder, "frame.html")
    with open(outer, "w", encoding="utf-8") as file:
        file.write(f'<body style="margin:0"><iframe src="page.html" style="border:0;width:{width}px;height:{height}px"></iframe>')
    chromium(folder, f"file://{outer}", f"--window-size={width},{height}", f"--screenshot={path}")
