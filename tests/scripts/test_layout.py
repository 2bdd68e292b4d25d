from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.scripts.layout import Box, Edge, lay_out

KEYS = st.integers(1, 9)


@st.composite
def graphs(draw):
    """Boxes and lines between two different ones of them, circles and parallel lines among them."""
    widths = draw(st.dictionaries(KEYS, st.floats(60, 220), min_size=1, max_size=9))
    ends = st.tuples(st.sampled_from(list(widths)), st.sampled_from(list(widths)))
    pairs = draw(st.lists(ends.filter(lambda pair: pair[0] != pair[1]), max_size=16)) if len(widths) > 1 else []
    labels = draw(st.lists(st.sampled_from([0.0, 40.0, 150.0]), min_size=len(pairs), max_size=len(pairs)))
    edges = [
        Edge(source=source, target=target, label_width=label)
        for (source, target), label in zip(pairs, labels, strict=True)
    ]
    return widths, edges


def touch(one: Box, other: Box) -> bool:
    return (
        one.x < other.x + other.width - 0.01
        and other.x < one.x + one.width - 0.01
        and one.y < other.y + other.height - 0.01
        and other.y < one.y + one.height - 0.01
    )


@given(graphs())
def test_nothing_covers_anything_and_all_is_in_the_picture(graph):
    widths, edges = graph
    layout = lay_out(widths, edges)
    labels = [line.label for line in layout.lines if line.label]
    assert len(layout.lines) == len(edges)
    assert len(labels) == sum(1 for edge in edges if edge.label_width)
    places = [*layout.boxes.values(), *labels]
    assert not [pair for pair in combinations(places, 2) if touch(*pair)]
    for place in places:
        assert min(place.x, place.y) > -0.01
        assert place.x + place.width < layout.width + 0.01
        assert place.y + place.height < layout.height + 0.01


@given(graphs())
def test_the_same_graph_gets_the_same_picture(graph):
    assert lay_out(*graph) == lay_out(*graph)


def test_what_follows_stands_to_the_right_and_what_leads_back_does_not_move_it():
    layout = lay_out({1: 100, 2: 100, 3: 100}, [Edge(source=1, target=2), Edge(source=2, target=3)])
    assert layout.boxes[1].x < layout.boxes[2].x < layout.boxes[3].x
    again = lay_out(
        {1: 100, 2: 100, 3: 100},
        [Edge(source=1, target=2), Edge(source=2, target=3), Edge(source=3, target=1, label_width=80)],
    )
    assert again.boxes[1].x < again.boxes[2].x < again.boxes[3].x
    line = again.lines[2]
    # It begins at the left side of the third box and ends at the right side of the first.
    assert line.path.startswith(f"M{again.boxes[3].x:.1f} ")
    assert f"{again.boxes[1].x + 100:.1f} " in line.path.rsplit("L")[-1].rsplit("C")[-1]
    assert line.label is not None
    assert again.boxes[1].x + 100 < line.label.x < again.boxes[3].x


def test_an_empty_graph_has_an_empty_picture():
    assert lay_out({}, []).width == 0
