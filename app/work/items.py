"""What long work is about, row by row: written down once, when it begins, and read a batch at a time.

So what others do meanwhile brings nothing in twice and leaves nothing out, and a batch costs the same at the end as at
the beginning.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Select, delete, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.core.db import session
from app.models import Work
from app.models.work import WorkItem


def write_items(work: Work, ids: Sequence[int] | Select[int]) -> int:
    """Write down these ids in their order, each once, or those of a query by size; how many there are."""
    if isinstance(ids, Select):
        found = ids.subquery()
        [column] = found.c
        rows = select(literal(work.id, BigInteger), func.row_number().over(order_by=column), column)
    else:
        given = literal(list(dict.fromkeys(ids)), ARRAY(BigInteger))
        listed = func.unnest(given).table_valued("id", with_ordinality="position", name="given").render_derived()
        rows = select(literal(work.id, BigInteger), listed.c.position, listed.c.id)
    session.execute(insert(WorkItem).from_select(["work_id", "position", "item_id"], rows))
    return session.scalar(select(func.count()).where(WorkItem.work_id == work.id)) or 0


def items_behind(work: Work, position: int, limit: int) -> Sequence[int]:
    """The ids behind that position, which counts from 1; none when there are no more."""
    rows = select(WorkItem.item_id).where(WorkItem.work_id == work.id, WorkItem.position > position)
    return session.scalars(rows.order_by(WorkItem.position).limit(limit)).all()


def forget_items(work: Work) -> None:
    """Remove them: the work has ended."""
    session.execute(
        delete(WorkItem).where(WorkItem.work_id == work.id), execution_options={"synchronize_session": False}
    )
