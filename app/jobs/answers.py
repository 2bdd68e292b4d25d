"""Long work on stored answers: they follow when fields of their form get another kind."""

from typing import Any

from app.formbuilder.converting import convert_batch
from app.models import Work
from app.work.running import Keep


def run_convert(work: Work, keep: Keep) -> dict[str, Any]:
    """Rewrite the answers of the form, batch by batch, until a pass finds none: a save may commit behind a batch."""
    form_id = int(work.params["form_id"])
    while True:
        with keep.batch() as held:
            after = held.place.get("after", 0)
            last = convert_batch(form_id, after)
            if last is None and not after:
                return {"form_id": form_id}
            held.place = {"after": last or 0}
