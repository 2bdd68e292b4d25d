"""Two rules of the architecture, read from the syntax trees: `python -m lint.house_rules [folder …]`.

1. Only `app/core/db.py` commits: a verb that commits splits what belongs together.
2. Only `app/cases/status.py` sets the status of a case: elsewhere no rule of the script would be asked.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

_COMMITS = Path("app/core/db.py")
_SETS_STATUS = Path("app/cases/status.py")
_STATUS = {"status", "status_id"}


def problems(path: Path, source: str) -> Iterator[tuple[int, str]]:
    """Line and message of each breach in the source of `path` (relative to the root of the repository)."""
    for node in ast.walk(ast.parse(source, str(path))):
        if path != _COMMITS and _is_commit(node):
            yield node.lineno, "only app/core/db.py commits; wrap the verb in `with transaction():` at its door"
        if path != _SETS_STATUS and _sets_status_of_case(node):
            yield node.lineno, "only app/cases/status.py sets the status of a case; call change_status()"


def main(folders: list[str]) -> int:
    """Print every breach below `folders`; 1 if there is one."""
    found = 0
    for folder in folders or ["app"]:
        for path in sorted(Path(folder).rglob("*.py")):
            for line, message in problems(path, path.read_text(encoding="utf-8")):
                found += 1
                sys.stdout.write(f"{path}:{line}: {message}\n")
    return 1 if found else 0


def _is_commit(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"


def _sets_status_of_case(node: ast.AST) -> TypeGuard[ast.stmt | ast.expr]:
    match node:
        case ast.Assign(targets=targets):
            return any(_is_status_of_case(target) for target in targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return _is_status_of_case(target)
        case ast.Call(func=ast.Name(id="setattr"), args=[owner, ast.Constant(value=name), _]):
            return name in _STATUS and _names_case(owner)
        case ast.Call(func=ast.Attribute(attr="values", value=statement), keywords=keywords):
            return _updates_case(statement) and any(keyword.arg in _STATUS for keyword in keywords)
    return False


def _is_status_of_case(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return any(_is_status_of_case(element) for element in target.elts)
    return isinstance(target, ast.Attribute) and target.attr in _STATUS and _names_case(target.value)


def _names_case(owner: ast.expr) -> bool:
    """`case`, `old_case`, `call.case`, `cases[0]`: whatever its name says is a case."""
    match owner:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.split("_")[-1] in {"case", "cases"}
        case ast.Subscript(value=value):
            return _names_case(value)
    return False


def _updates_case(statement: ast.expr) -> bool:
    """`update(Case).where(…)`, however long the chain."""
    while isinstance(statement, ast.Call):
        match statement.func:
            case ast.Name(id="update"):
                return bool(statement.args) and ast.unparse(statement.args[0]).split(".")[-1] == "Case"
            case ast.Attribute(value=value):
                statement = value
            case _:
                return False
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
