"""Where the boxes and lines of a graph stand: layers from left to right, after Sugiyama, Tagawa and Toda (1981). Pure.

Between every two layers of boxes lies one for the labels of lines, so labels take part in the order like boxes and
nothing covers anything. The same graph always gets the same picture.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

BOX_HEIGHT, LABEL_HEIGHT, LINE_HEIGHT = 52.0, 18.0, 10.0
GAP, BEND = 14.0, 34.0
"""Between two things of one layer; room for a line to bend beside a layer of labels."""
_SWEEPS, _PULLS = 12, 16


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A line to be drawn; the label's width is 0 where it has none."""

    source: int
    target: int
    label_width: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Box:
    """A place in the picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Line:
    """An edge as it is drawn: an SVG path from its source to its target, and where its label stands."""

    path: str
    label: Box | None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The whole picture; lines in the order of the edges."""

    width: float
    height: float
    boxes: Mapping[int, Box]
    lines: Sequence[Line]


@dataclass(eq=False)
class _Item:
    """A box, or the part of a line that lies in a layer."""

    rank: int
    width: float
    height: float
    y: float = 0.0
    left: list["_Item"] = field(default_factory=list)
    right: list["_Item"] = field(default_factory=list)

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def lay_out(widths: Mapping[int, float], edges: Sequence[Edge]) -> Layout:
    """A place for each box of these widths, the first one on the left, and a path for each edge between two of them."""
    backward = _backward(widths, edges)
    ranks = _ranks(widths, [_forward(edge, is_back=index in backward) for index, edge in enumerate(edges)])
    boxes = {key: _Item(ranks[key], width, BOX_HEIGHT) for key, width in widths.items()}
    chains = [_chain(boxes, edge, is_back=index in backward) for index, edge in enumerate(edges)]
    layers = _ordered([*boxes.values(), *(item for chain in chains for item in chain[1:-1])])
    _pull(layers)
    columns = _columns(layers)
    top = min((item.y for layer in layers for item in layer), default=0.0)
    for layer in layers:
        for item in layer:
            item.y -= top
    ends = columns[-1] if columns else (0.0, 0.0)
    return Layout(
        width=ends[0] + ends[1],
        height=max((item.y + item.height for layer in layers for item in layer), default=0.0),
        boxes={
            key: Box(x=columns[item.rank][0], y=item.y, width=item.width, height=item.height)
            for key, item in boxes.items()
        },
        lines=[_line(chain, columns, is_back=index in backward) for index, chain in enumerate(chains)],
    )


def _forward(edge: Edge, *, is_back: bool) -> tuple[int, int]:
    return (edge.target, edge.source) if is_back else (edge.source, edge.target)


def _backward(keys: Iterable[int], edges: Sequence[Edge]) -> set[int]:
    """Edges that close a circle on a walk from the first box on; turned round, they leave none."""
    leaving: dict[int, list[int]] = {key: [] for key in keys}
    for index, edge in enumerate(edges):
        leaving[edge.source].append(index)
    back: set[int] = set()
    done: set[int] = set()
    for root in list(leaving):
        if root in done:
            continue
        walk, on_walk = [(root, iter(leaving[root]))], {root}
        while walk:
            here, rest = walk[-1]
            following = next(rest, None)
            if following is None:
                walk.pop()
                on_walk.discard(here)
                done.add(here)
            elif (target := edges[following].target) in on_walk:
                back.add(following)
            elif target not in done:
                on_walk.add(target)
                walk.append((target, iter(leaving[target])))
    return back


def _ranks(keys: Iterable[int], pairs: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Two layers to the right of everything that leads to it; layers of odd number hold labels."""
    ranks = dict.fromkeys(keys, 0)
    for _round in ranks:
        moved = False
        for left, right in pairs:
            if ranks[right] < ranks[left] + 2:
                ranks[right] = ranks[left] + 2
                moved = True
        if not moved:
            break
    return ranks


def _chain(boxes: Mapping[int, _Item], edge: Edge, *, is_back: bool) -> list[_Item]:
    """The items that an edge runs through, from left to right; its label stands beside its source."""
    left, right = _forward(edge, is_back=is_back)
    first, last = boxes[left], boxes[right]
    named = last.rank - 1 if is_back else first.rank + 1
    between = [
        _Item(rank, edge.label_width, LABEL_HEIGHT)
        if rank == named and edge.label_width
        else _Item(rank, 0, LINE_HEIGHT)
        for rank in range(first.rank + 1, last.rank)
    ]
    chain = [first, *between, last]
    for one, other in pairwise(chain):
        one.right.append(other)
        other.left.append(one)
    return chain


def _ordered(items: Sequence[_Item]) -> list[list[_Item]]:
    """Layers, each in an order that lets few lines cross: an item goes to the mean place of its neighbours."""
    layers: list[list[_Item]] = [[] for _ in range(1 + max((item.rank for item in items), default=-1))]
    for item in items:
        layers[item.rank].append(item)
    place = {id(item): float(index) for layer in layers for index, item in enumerate(layer)}
    for sweep in range(_SWEEPS):
        rightward = sweep % 2 == 0
        for layer in layers if rightward else reversed(layers):
            wanted = {id(item): _mean(item.left if rightward else item.right, place, place[id(item)]) for item in layer}
            layer.sort(key=lambda item: wanted[id(item)])
            place.update({id(item): float(index) for index, item in enumerate(layer)})
    return layers


def _mean(items: Sequence[_Item], place: Mapping[int, float], alone: float) -> float:
    return sum(place[id(item)] for item in items) / len(items) if items else alone


def _pull(layers: Sequence[list[_Item]]) -> None:
    """Heights: packed first, then each item is pulled to the middle of its neighbours as far as its layer lets it."""
    for layer in layers:
        at = -sum(item.height + GAP for item in layer) / 2
        for item in layer:
            item.y, at = at, at + item.height + GAP
    for pull in range(_PULLS):
        for layer in layers if pull % 2 == 0 else reversed(layers):
            for item in layer:
                near = (item.left if pull % 2 == 0 else item.right) or item.left or item.right
                if near:
                    item.y = sum(other.middle for other in near) / len(near) - item.height / 2
            _part(layer)


def _part(layer: Sequence[_Item]) -> None:
    """Push apart what came too close: half of the way down from the top, half up from the bottom."""
    down, up = [item.y for item in layer], [item.y for item in layer]
    for index in range(1, len(layer)):
        down[index] = max(down[index], down[index - 1] + layer[index - 1].height + GAP)
    for index in range(len(layer) - 2, -1, -1):
        up[index] = min(up[index], up[index + 1] - layer[index].height - GAP)
    for item, low, high in zip(layer, down, up, strict=True):
        item.y = (low + high) / 2


def _columns(layers: Sequence[Sequence[_Item]]) -> list[tuple[float, float]]:
    """Where each layer begins, and its width."""
    columns, x = [], 0.0
    for rank, layer in enumerate(layers):
        width = max((item.width for item in layer), default=0.0)
        x += BEND if rank else 0.0
        columns.append((x, width))
        x += width
    return columns


def _line(chain: Sequence[_Item], columns: Sequence[tuple[float, float]], *, is_back: bool) -> Line:
    first, last = chain[0], chain[-1]
    points = [(columns[first.rank][0] + first.width, _port(first, first.right, chain[1]))]
    label = None
    for item in chain[1:-1]:
        x, width = columns[item.rank]
        points += [(x, item.middle), (x + width, item.middle)]
        if item.width:
            label = Box(x=x + (width - item.width) / 2, y=item.y, width=item.width, height=item.height)
    points.append((columns[last.rank][0], _port(last, last.left, chain[-2])))
    if first.width < columns[first.rank][1]:
        points.insert(1, (sum(columns[first.rank]), points[0][1]))
    return Line(path=_path(points[::-1] if is_back else points), label=label)


def _port(item: _Item, others: Sequence[_Item], other: _Item) -> float:
    """The lines of one side leave it in the order of where they go, evenly."""
    ordered = sorted(others, key=lambda each: each.middle)
    return item.y + item.height * (1 + ordered.index(other)) / (1 + len(ordered))


def _path(points: Sequence[tuple[float, float]]) -> str:
    """Level where it runs along a layer, bent softly between two of them."""
    (x, y), *rest = points
    parts = [f"M{x:.1f} {y:.1f}"]
    for to_x, to_y in rest:
        half = (x + to_x) / 2
        if abs(y - to_y) < 0.5:  # noqa: PLR2004  (less than half a pixel is level)
            parts.append(f"L{to_x:.1f} {to_y:.1f}")
        else:
            parts.append(f"C{half:.1f} {y:.1f} {half:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return "".join(parts)
