"""Plain values as YAML that people like to read; `read_yaml` reads it back to the same values."""

import re
from typing import Any

import yaml

WIDTH = 110
_LINES = re.compile(r"[^\s\0-\x1f\x7f-\x9f\ufeff\u2028\u2029][^\0-\x09\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029]*")

_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


class InLine(list[Any]):
    """A list that stands in one line, in brackets."""


class InLineMap(dict[str, Any]):
    """A mapping that stands in one line, in braces."""


def write_yaml(value: Any, *, head: str = "") -> str:
    """The YAML of texts, numbers, truth values, None, lists and mappings; `head` becomes its comment."""
    comment = "".join(f"# {line}\n" for line in head.splitlines())
    return comment + yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=False
    )


class _Dumper(yaml.SafeDumper):
    """No aliases, inner lists set in, texts of several lines as they read."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (PyYAML asks for each value)
        """Every value is written out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Entries of a list stand behind their key."""
        super().increase_indent(flow, False)  # noqa: FBT003 (PyYAML's own signature)


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    is_block = "\n" in value and bool(_LINES.fullmatch(value)) and not re.search(r"[ \t](\n|$)", value)
    # PyYAML would take a rare line break for an end of line: only double quotes spell it out.
    style = "|" if is_block else '"' if _ODD.search(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _number(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    """In quotes and by its tag, for a decimal without one is a text."""
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(value), style='"')


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(
    InLine, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)
_Dumper.add_representer(
    InLineMap, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)
)
