"""The code base as data: its files, parsed once, for the rules that it must keep."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "sms_service"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the root, its text, its tree."""

    path: str
    text: str
    tree: ast.Module

    def calls(self) -> Iterator[ast.Call]:
        """Every call in it."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imports(self) -> Iterator[str]:
        """Every module it imports, wherever in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function and method, as `path:name` or `path:Class.name`."""
        yield from _within(self.tree, f"{self.path}:")


def _within(node: ast.AST, name: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield f"{name}{child.name}", child
            yield from _within(child, f"{name}{child.name}.")
        elif isinstance(child, ast.ClassDef):
            yield from _within(child, f"{name}{child.name}.")
        else:
            yield from _within(child, name)


@cache
def package() -> tuple[Source, ...]:
    """The service's own files; migrations are written by a tool and never change."""
    return tuple(one for one in _read(PACKAGE) if "/migrations/versions/" not in one.path)


@cache
def files_of_tests() -> tuple[Source, ...]:
    """The files under tests/."""
    return _read(ROOT / "tests")


def _read(folder: Path) -> tuple[Source, ...]:
    return tuple(
        Source(str(path.relative_to(ROOT)), path.read_text("utf-8"), ast.parse(path.read_text("utf-8")))
        for path in sorted(folder.rglob("*.py"))
    )


def called(call: ast.Call) -> str:
    """The dotted name of what is called, `log.warning`; "" when it has none."""
    return dotted(call.func)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression that is only names; a call inside it counts as `()`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "()"


def where(source: Source, node: ast.AST) -> str:
    """`path:line`, to click on."""
    return f"{source.path}:{getattr(node, 'lineno', 0)}"
