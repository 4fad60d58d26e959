"""The reliability curves as an SVG that reads well on light and on dark ground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from benchmarks.reliability import Bin, Curve

_WIDTH, _HEIGHT = 760, 544
#: Where the square of the plot lies.
_LEFT, _TOP, _SIDE = 76, 64, 420
#: The line leaves out points that rest on fewer decisions.
_JOINED = 20
_STYLE = """
  svg { color-scheme: light dark; --ground: #ffffff; --ink: #1f2328; --faint: #d1d9e0; --soft: #59636e;
        --first: #0550ae; --second: #bc4c00; }
  @media (prefers-color-scheme: dark) { svg { --ground: #0d1117; --ink: #f0f6fc; --faint: #30363d; --soft: #9198a1;
        --first: #6cb6ff; --second: #f0883e; } }
  text { font: 13px system-ui, sans-serif; fill: var(--ink); }
  .ground { fill: var(--ground); } .title { font-size: 16px; font-weight: 600; } .soft { fill: var(--soft); }
  .small { font-size: 11px; } .grid { stroke: var(--faint); } .even { stroke: var(--soft); stroke-dasharray: 5 5; }
  .axis { stroke: var(--ink); } .end { text-anchor: end; } .middle { text-anchor: middle; }
  .first { --own: var(--first); } .second { --own: var(--second); }
  .curve path { stroke: var(--own); fill: none; stroke-width: 2; } .curve line { stroke: var(--own); opacity: 0.6; }
  .curve circle, .curve rect { fill: var(--own); stroke: var(--ground); }
  .curve text { fill: var(--own); stroke: var(--ground); stroke-width: 3; paint-order: stroke; }
"""


def picture(curves: Sequence[Curve]) -> str:
    """An SVG with axes, the diagonal, and for one or two curves their points with n and 95 % intervals."""
    title = "Does the score of a decision mean what it says?"
    drawn = "\n".join(
        (
            *_axes(),
            *(part for at, curve in enumerate(curves) for part in _curve(curve, at)),
            *(part for at, curve in enumerate(curves) for part in _legend(curve, at)),
        )
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
        f' role="img" aria-label="{escape(title)}">\n<style>{_STYLE}</style>\n'
        f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>\n'
        f'<text class="title" x="{_LEFT}" y="32">{escape(title)}</text>\n{drawn}\n</svg>\n'
    )


def _x(score: float) -> float:
    return round(_LEFT + score * _SIDE, 1)


def _y(share: float) -> float:
    return round(_TOP + (1 - share) * _SIDE, 1)


def _axes() -> Iterator[str]:
    for tenth in range(0, 11, 2):
        at = tenth / 10
        yield f'<line class="grid" x1="{_x(at)}" y1="{_y(0)}" x2="{_x(at)}" y2="{_y(1)}"/>'
        yield f'<line class="grid" x1="{_x(0)}" y1="{_y(at)}" x2="{_x(1)}" y2="{_y(at)}"/>'
        yield f'<text class="middle" x="{_x(at)}" y="{_y(0) + 20}">{at:.1f}</text>'
        yield f'<text class="end" x="{_x(0) - 8}" y="{_y(at) + 4}">{at:.0%}</text>'
    yield f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    yield f'<path class="axis" fill="none" d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}"/>'
    middle = _TOP + _SIDE / 2
    yield f'<text class="middle" x="{_x(0.5)}" y="{_y(0) + 44}">score of the decision (mean of a tenth)</text>'
    yield f'<text class="middle" transform="translate(22 {middle}) rotate(-90)">acceptable decisions</text>'


def _curve(curve: Curve, at: int) -> Iterator[str]:
    """Line, intervals and points; n stands right below the points of the first curve, left above the second's."""
    yield f'<g class="curve {("first", "second")[at]}">'
    joined = [f"{_x(one.score)} {_y(one.share)}" for one in curve.bins if one.n >= _JOINED]
    if joined:
        yield f'<path d="M{"L".join(joined)}"/>'
    for one in curve.bins:
        x = _x(one.score)
        yield f'<line x1="{x}" y1="{_y(one.low)}" x2="{x}" y2="{_y(one.high)}"/>'
        yield _mark(one, at)
        beside, side, below = ((8, "", 15), (-8, " end", -7))[at]
        yield f'<text class="small{side}" x="{x + beside}" y="{_y(one.share) + below}">{one.n:,}</text>'
    yield "</g>"


def _mark(one: Bin, at: int) -> str:
    """A disc for the first curve, a square for the second, so that they differ without colour."""
    x, y = _x(one.score), _y(one.share)
    return (
        f'<circle cx="{x}" cy="{y}" r="5"/>' if at == 0 else f'<rect x="{x - 4.5}" y="{y - 4.5}" width="9" height="9"/>'
    )


def _legend(curve: Curve, at: int) -> Iterator[str]:
    x, y = _x(1) + 48, _TOP + 20 + at * 64
    mark = Bin((x - _LEFT) / _SIDE, 1 - (y - 4 - _TOP) / _SIDE, 0, 0, 0)
    yield f'<g class="curve {("first", "second")[at]}">{_mark(mark, at)}</g>'
    yield f'<text x="{x + 12}" y="{y}">{escape(curve.name)}</text>'
    yield f'<text class="soft small" x="{x + 12}" y="{y + 18}">n = {curve.n:,}, mean gap {curve.gap:.3f}</text>'
    if at == 0:
        yield f'<text class="soft small" x="{x}" y="{_y(0.14)}">joined: {_JOINED} decisions or more</text>'
        yield f'<text class="soft small" x="{x}" y="{_y(0.1)}">dashed: score = share</text>'
        yield f'<text class="soft small" x="{x}" y="{_y(0.06)}">bars: 95 % (Wilson)</text>'
        yield f'<text class="soft small" x="{x}" y="{_y(0.02)}">numbers: decisions</text>'
