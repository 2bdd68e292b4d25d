"""Every text of the browser's sources is in the catalogue: one inside a template string would not be found there."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CALL = re.compile(r"\bn?(?:_|gettext)\(\s*(\"(?:[^\"\\]|\\.)*\")")


def test_every_text_of_the_browser_can_be_translated():
    """The extraction reads plain strings only."""
    with (ROOT / "babel" / "messages.pot").open("rb") as file:
        known = {
            text for message in read_po(file) for text in [message.id if isinstance(message.id, str) else message.id[0]]
        }
    sources = [path for path in (ROOT / "frontend").rglob("*.js") if not path.name.endswith(".test.js")]
    said = {(path.name, text[1:-1].replace('\\"', '"')) for path in sources for text in CALL.findall(path.read_text())}
    assert len(said) > 50
    assert sorted((name, text) for name, text in said if text not in known) == []
