"""A picture of what was promised beside what came: a point for each range of probabilities."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from benchmarks.stage.answering import Outcome, share, wilson

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0001)
_SIDE, _MARGIN = 400, 60
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def diagram(outcomes: Sequence[Outcome], *, title: str) -> str:
    """An SVG that needs nothing else. A bar is the Wilson interval of 95 %, a circle's area the number of tickets."""
    drawn = [
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" class="even"/>',
        *(f'<text x="{_x(tick)}" y="{_y(0) + 22}" text-anchor="middle">{tick}</text>' for tick in _TICKS),
        *(f'<text x="{_x(0) - 10}" y="{_y(tick) + 4}" text-anchor="end">{tick}</text>' for tick in _TICKS),
    ]
    judged = [outcome for outcome in outcomes if outcome.guess.evidence]
    for low, high in pairwise(EDGES):
        here = [outcome for outcome in judged if low <= outcome.guess.probability < high]
        if here:
            drawn += _point(here)
    size = _SIDE + 2 * _MARGIN
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img">
<title>{escape(title)}: what was promised and what was right</title>
<style>text {{ font: 13px sans-serif; fill: #333 }} .even {{ stroke: #999; stroke-dasharray: 4 4 }}
.frame {{ fill: none; stroke: #333 }} .bar {{ stroke: #1a5fb4 }} circle {{ fill: #1a5fb4; fill-opacity: .6 }}</style>
<rect width="100%" height="100%" fill="white"/>
<rect x="{_MARGIN}" y="{_MARGIN}" width="{_SIDE}" height="{_SIDE}" class="frame"/>
{chr(10).join(drawn)}
<text x="{size / 2}" y="30" text-anchor="middle">{escape(title)}</text>
<text x="{size / 2}" y="{size - 15}" text-anchor="middle">promised probability</text>
<text transform="translate(16 {size / 2}) rotate(-90)" text-anchor="middle">share that was right</text>
</svg>
"""


def _point(outcomes: Sequence[Outcome]) -> list[str]:
    promised = sum(outcome.guess.probability for outcome in outcomes) / len(outcomes)
    right, (low, high) = share(outcomes) or 0.0, wilson(outcomes)
    x = _x(promised)
    radius = round(2 + len(outcomes) ** 0.5 / 3, 1)
    label = f"{len(outcomes)} tickets: promised {promised:.3f}, right {right:.3f}"
    return [
        f'<line x1="{x}" y1="{_y(low)}" x2="{x}" y2="{_y(high)}" class="bar"/>',
        f'<circle cx="{x}" cy="{_y(right)}" r="{radius}"><title>{label}</title></circle>',
    ]


def _x(share: float) -> float:
    return round(_MARGIN + _SIDE * share, 1)


def _y(share: float) -> float:
    return round(_MARGIN + _SIDE * (1 - share), 1)
