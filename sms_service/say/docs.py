"""docs/flows/: one page per conversation, written from the tables, so that nobody copies words by hand."""

from collections.abc import Mapping
from pathlib import Path

from sms_service.flows.notices import NOTICES
from sms_service.flows.registry import FLOWS
from sms_service.flows.steps import Flow
from sms_service.say.catalogue import text
from sms_service.say.draw import draw
from sms_service.say.script import script

HEAD = "<!-- Written from the tables of sms_service/flows by say/docs.py: change those, not this page. -->\n"


def pages(flows: Mapping[str, Flow] = FLOWS) -> dict[str, str]:
    """Every page by its file name."""
    written = {f"{flow.name}.md": page(flow) for flow in flows.values()}
    listed = "".join(f"- [{name.removesuffix('.md')}]({name})\n" for name in sorted(written))
    written["README.md"] = f"{HEAD}\n# Conversations\n\n{listed}- [notices](notices.md)\n"
    written["notices.md"] = _notices()
    return written


def page(flow: Flow) -> str:
    """One flow: its script in English, its drawing, its script in Spanish."""
    spanish = script(flow, "es").replace(f"# {flow.name}\n", f"# {flow.name} (Spanish)\n", 1)
    return f"{HEAD}\n{script(flow)}\n```mermaid\n{draw(flow)}```\n\n{spanish.rstrip()}\n"


def write_docs(folder: Path) -> list[Path]:
    """Writes every page into `folder` and removes pages of flows that are gone; the files that changed."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    gone = [path for path in sorted(folder.glob("*.md")) if path.name not in wanted]
    for path in gone:
        path.unlink()
    stale = [folder / name for name, words in wanted.items() if not _holds(folder / name, words)]
    for path in stale:
        path.write_text(wanted[path.name], "utf-8")
    return gone + stale


def _holds(path: Path, words: str) -> bool:
    return path.exists() and path.read_text("utf-8") == words


def _notices() -> str:
    rows = (f"| {name} | {_cell(name, 'en')} | {_cell(name, 'es')} |\n" for name in NOTICES)
    return f"{HEAD}\n# Single statements\n\n| name | English | Spanish |\n|---|---|---|\n{''.join(rows)}"


def _cell(name: str, lang: str) -> str:
    return text(f"notice.{name}.say", "es" if lang == "es" else "en").replace("|", "\\|")
