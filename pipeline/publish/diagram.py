"""The ecosystem diagram: two loops and a feeder as inline SVG, open links solid, closed ones dashed."""

from html import escape

from pipeline.domain import codebook

Link = tuple[str, str]
WIDTH, HEIGHT, BOX, TALL = 380, 330, 112, 46
PLACES = {
    "strategy_policy": (190, 36),
    "service_design": (62, 165),
    "tech_regulation": (318, 165),
    "oversight_redress": (190, 294),
    "foundational_tech": (318, 294),
}
LINES = {
    "strategy_policy": ("Strategy", "and policy"),
    "service_design": ("Digital", "services"),
    "tech_regulation": ("Technology", "regulation"),
    "oversight_redress": ("Oversight", "and redress"),
    "foundational_tech": ("Foundational", "technology"),
}


def describe(counts: dict[Link, int], total: int, unit: str) -> str:
    """The diagram in words, link by link."""
    said = [
        f"{' '.join(LINES[source])} to {' '.join(LINES[target])}: open in {count} of {total} {unit}"
        for (source, target), count in counts.items()
    ]
    return "; ".join(said) + "."


def _ends(source: str, target: str) -> tuple[float, float, float, float]:
    """Where the arrow from `source` to `target` leaves and meets the boxes."""
    (x0, y0), (x1, y1) = PLACES[source], PLACES[target]
    if x0 == x1:
        way = 1 if y1 > y0 else -1
        return x0, y0 + way * TALL / 2, x1, y1 - way * (TALL / 2 + 7)
    # Slanted arrows run between the side of the middle boxes that faces up or down and the others' corners.
    down = 1 if y1 > y0 else -1
    inward0, inward1 = (1 if x1 > x0 else -1), (1 if x0 > x1 else -1)
    return (
        x0 + inward0 * BOX * 0.3, y0 + down * TALL / 2, x1 + inward1 * BOX * 0.3, y1 - down * (TALL / 2 + 7),
    )  # fmt: skip


def draw(counts: dict[Link, int], total: int) -> str:
    """SVG of the ecosystem: each link with the number of the `total` countries (or plans) in which it is open.

    A link is drawn solid where it is open in at least half of them.
    """
    parts = [
        f'<svg class="ecosystem" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">',
        '<defs><marker id="tip-open" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" '
        'markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0,0L8,4L0,8Z"/></marker>'
        '<marker id="tip-closed" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" '
        'markerUnits="userSpaceOnUse" orient="auto"><path class="tip faint" d="M0,0L8,4L0,8Z"/></marker></defs>',
        '<text class="loop" x="144" y="162">service</text><text class="loop" x="144" y="176">loop</text>',
        '<text class="loop" x="236" y="162">regulation</text><text class="loop" x="236" y="176">loop</text>',
    ]
    labels = []
    for (source, target), count in counts.items():
        state = "open" if total and 2 * count >= total else "closed"
        x0, y0, x1, y1 = _ends(source, target)
        parts.append(
            f'<line class="link {state}" x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" '
            f'marker-end="url(#tip-{state})"/>'
        )
        middle = ((x0 + x1) / 2, (y0 + y1) / 2)
        labels.append(
            f'<rect class="plate" x="{middle[0] - 21:.1f}" y="{middle[1] - 9:.1f}" width="42" height="18" rx="9"/>'
            f'<text class="count {state}" x="{middle[0]:.1f}" y="{middle[1] + 4:.1f}">{count} / {total}</text>'
        )
    for cluster in codebook.IN_SCOPE:
        x, y = PLACES[cluster]
        first, second = LINES[cluster]
        parts.append(
            f'<rect class="node" x="{x - BOX / 2}" y="{y - TALL / 2}" width="{BOX}" height="{TALL}" rx="8"/>'
            f'<text class="name" x="{x}" y="{y - 3}">{escape(first)}</text>'
            f'<text class="name" x="{x}" y="{y + 13}">{escape(second)}</text>'
        )
    return "".join(parts + labels) + "</svg>"
