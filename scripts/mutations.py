"""Small changes of meaning that a source can suffer, as replacements of its text.

Left alone is what no behaviour hangs on: annotations, decorators, docstrings, assertions, the words of exceptions. So
are vocabulary and wording, which are data as the triage rules are: what people may say (`words=`, `es=`, `near=`) and
sentences. Patterns, names, numbers, flags and the shape of the tables are rules.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_SAID = {"words", "es", "near"}
_SENTENCE = re.compile(r"\w[,.;:!?]*\s+\w")
_OF_TYPES = {"Literal", "NewType", "TypeVar", "cast", "field"}


@dataclass(frozen=True)
class Mutant:
    """A change of one file: the bytes it replaces, the lines of its statement, the function it is in ("" in none)."""

    path: str
    function: str
    lines: tuple[int, int]
    start: int
    end: int
    replacement: str

    def of(self, source: str) -> str:
        """The changed source."""
        raw = source.encode()
        return (raw[: self.start] + self.replacement.encode() + raw[self.end :]).decode()


def places_of(path: str, source: str) -> list[list[Mutant]]:
    """Every place of a source that can be changed, each with the changes to be tried there, in order."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return [place for place in finder.places if place]


def changes(mutant: Mutant, source: str) -> bool:
    """Whether it leaves a program, and another one."""
    try:
        return ast.dump(ast.parse(mutant.of(source))) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False


class _Finder(ast.NodeVisitor):
    def __init__(self, path: str, source: str) -> None:
        self.path, self.raw = path, source.encode()
        self.starts = [0]
        for line in self.raw.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.places: list[list[Mutant]] = []
        self.names: list[str] = []
        self.in_function = 0
        self.lines = (1, 1)

    def visit(self, node: ast.AST) -> None:
        before = self.lines
        if isinstance(node, ast.stmt):
            head = getattr(node, "test", None) or getattr(node, "iter", None) or getattr(node, "subject", None)
            last = node.body[0].lineno - 1 if isinstance(node, ast.With) else None
            self.lines = (node.lineno, last or (head or node).end_lineno or node.lineno)
        elif isinstance(node, ast.match_case):
            self.lines = (node.pattern.lineno, (node.guard or node.pattern).end_lineno or node.pattern.lineno)
        super().visit(node)
        self.lines = before

    def place(self, node: ast.AST, *replacements: str) -> None:
        """A place where the node's text may become any of these."""
        start = self.starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]
        end = self.starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
        self._place(start, end, replacements)

    def _place(self, start: int, end: int, replacements: tuple[str, ...]) -> None:
        name = ".".join(self.names) if self.in_function else ""
        self.places.append([Mutant(self.path, name, self.lines, start, end, one) for one in replacements])

    def visit_all(self, *nodes: ast.AST | None) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # what is left alone

    def visit_Assert(self, node: ast.Assert) -> None: ...
    def visit_Raise(self, node: ast.Raise) -> None: ...
    def visit_Import(self, node: ast.Import) -> None: ...
    def visit_ImportFrom(self, node: ast.ImportFrom) -> None: ...

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if ast.unparse(node.annotation) != "TypeAlias":
            self.visit_all(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(isinstance(target, ast.Name) and target.id.startswith("__") for target in node.targets):
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not (isinstance(node.value, ast.Name) and node.value.id in _OF_TYPES):
            self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.names.append(node.name)
        self.visit_all(*node.body)
        self.names.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.visit_all(*node.args.defaults, *node.args.kw_defaults)
        self.names.append(node.name)
        self.in_function += 1
        self.visit_all(*node.body)
        self.in_function -= 1
        self.names.pop()

    # what is changed

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            if ast.unparse(node.value.func) == "assert_never":
                return
            self.place(node, "pass")
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            self.place(node.value, "None")
        self.generic_visit(node)

    def visit_Continue(self, node: ast.Continue) -> None:
        self.place(node, "break")

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self._condition(node.test)
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._condition(test)
        self.generic_visit(node)

    def _condition(self, node: ast.expr) -> None:
        if not isinstance(node, ast.Compare | ast.UnaryOp):
            self.place(node, f"(not ({ast.unparse(node)}))")

    def visit_Compare(self, node: ast.Compare) -> None:
        swapped = []
        for at, op in enumerate(node.ops):
            for other in _COMPARED[type(op)]:
                ops = [*node.ops[:at], other(), *node.ops[at + 1 :]]
                swapped.append(ast.unparse(ast.Compare(node.left, ops, node.comparators)))
        self.place(node, *swapped)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        fewer = [ast.unparse(one) for one in node.values] if len(node.values) == 2 else []
        self.place(node, f"({ast.unparse(ast.BoolOp(other, node.values))})", *(f"({one})" for one in fewer))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        self.place(node, f"({ast.unparse(node.operand)})")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _COUNTED:
            self.place(node, f"({ast.unparse(ast.BinOp(node.left, _COUNTED[type(node.op)](), node.right))})")
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if type(node.op) in _COUNTED:
            self.place(node, ast.unparse(ast.AugAssign(node.target, _COUNTED[type(node.op)](), node.value)))
        self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in _OF_TYPES:
            return
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            self.visit(node.args[0])
            return
        self.visit_all(node.func, *node.args)
        for keyword in node.keywords:
            if keyword.arg not in _SAID:
                self._without(keyword)
                self.visit(keyword.value)

    def _without(self, keyword: ast.keyword) -> None:
        """The argument and the comma after it (before it, where none follows) go."""
        if keyword.arg is None:
            return
        start = self.starts[keyword.lineno - 1] + keyword.col_offset
        end = self.starts[(keyword.end_lineno or 0) - 1] + (keyword.end_col_offset or 0)
        comma = re.compile(rb"\s*,\s*").match(self.raw, end)
        before = re.search(rb",\s*$", self.raw[:start])
        if comma is not None:
            end = comma.end()
        elif before is not None:
            start = before.start()
        self._place(start, end, ("",))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.place(node, "''")  # Python 3.11 does not say where its parts stand

    def visit_Constant(self, node: ast.Constant) -> None:
        start = self.starts[node.lineno - 1] + node.col_offset
        if isinstance(node.value, str) and _SENTENCE.search(node.value) and self.raw[start : start + 1] != b"r":
            return
        self.place(node, *_other_values(node.value))


def _other_values(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield repr(not value)
        case int() | float():
            yield f"({value + 1!r})"
            yield f"({value - 1!r})"
        case str():
            yield repr("XX" + value)
            if value:
                yield "''"
        case _:
            return
