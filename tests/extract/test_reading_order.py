"""Reading order as a property: nothing is lost, nothing doubled, columns are not mixed."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.reading_order import regions, rows


@dataclass
class Item:
    x0: float
    y0: float
    x1: float
    y1: float


BOXES = st.builds(
    lambda x, y, w, h: Item(x, y, x + w, y + h),
    st.floats(0, 500),
    st.floats(0, 800),
    st.floats(1, 300),
    st.floats(4, 30),
)


@given(st.lists(BOXES, max_size=60))
def test_every_item_is_in_exactly_one_region_and_row(items):
    found = regions(items)
    assert sorted(map(id, (item for region in found for item in region))) == sorted(map(id, items))
    for region in found:
        assert [item.y0 for item in region] == sorted(item.y0 for item in region)
        placed = [item for row in rows(region) for item in row]
        assert sorted(map(id, placed)) == sorted(map(id, region))


@given(st.integers(3, 30), st.integers(3, 30), st.floats(100, 300), st.floats(0, 7), st.floats(8, 40))
def test_two_columns_of_text_are_read_one_after_the_other(left, right, width, shift, gutter):
    columns = [
        [Item(50, 100 + 14 * n, 50 + width, 111 + 14 * n) for n in range(left)],
        [
            Item(50 + width + gutter, 100 + shift + 14 * n, 50 + 2 * width + gutter, 111 + shift + 14 * n)
            for n in range(right)
        ],
    ]
    heading = Item(50, 60, 50 + 2 * width, 80)
    found = regions([*columns[1], heading, *columns[0]])
    assert [item for region in found for item in region][: 1 + left] == [heading, *columns[0]]


def test_single_column_stays_whole():
    lines = [Item(50, 14 * n, 500 if n % 4 else 300, 14 * n + 11) for n in range(30)]
    assert regions(lines) == [lines]


def test_label_and_value_in_rows_are_not_columns():
    items = []
    for n in range(6):
        items += [Item(50, 30 * n, 95 + n, 30 * n + 11), Item(200, 30 * n, 260 + 30 * n, 30 * n + 11)]
    found = regions(items)
    assert len(found) == 1
    assert all(len(row) == 2 for row in rows(found[0]))
