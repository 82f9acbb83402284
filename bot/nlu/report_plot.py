"""The report on understanding as an SVG: accuracy of each set, and calibration."""

from __future__ import annotations

from html import escape

from bot.nlu.report import Results

_BAR, _GAP, _LEFT, _WIDE, _SIDE = 22, 12, 190, 300, 240


def draw(results: Results) -> str:
    """An SVG of bars (a set each) beside the curve of calibration, readable without colour."""
    names = list(results.sets)
    height = max(60 + len(names) * (_BAR + _GAP), _SIDE + 90)
    start = _LEFT + _WIDE + 130
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {start + _SIDE + 30} {height}"'
        ' font-family="sans-serif" font-size="13" role="img">',
        "<title>How well messages are understood</title>",
        f'<rect width="{start + _SIDE + 30}" height="{height}" fill="#ffffff"/>',
        '<text x="10" y="24" font-weight="bold">Right at first guess</text>',
    ]
    for at, name in enumerate(names):
        top = 42 + at * (_BAR + _GAP)
        share = results.accuracy(name)
        parts += [
            f'<text x="10" y="{top + 16}">{escape(name)}</text>',
            f'<rect x="{_LEFT}" y="{top}" width="{_WIDE}" height="{_BAR}" fill="#e5e9ee"/>',
            f'<rect x="{_LEFT}" y="{top}" width="{_WIDE * share:.1f}" height="{_BAR}"'
            ' fill="#1d5f8a"/>',
            f'<text x="{_LEFT + _WIDE + 8}" y="{top + 16}">{share:.1%}'
            f" of {len(results.sets[name])}</text>",
        ]
    top = 42
    parts += [
        f'<text x="{start}" y="24" font-weight="bold">Confidence and what came true</text>',
        f'<rect x="{start}" y="{top}" width="{_SIDE}" height="{_SIDE}" fill="none"'
        ' stroke="#6b7785"/>',
        f'<line x1="{start}" y1="{top + _SIDE}" x2="{start + _SIDE}" y2="{top}" stroke="#6b7785"'
        ' stroke-dasharray="4 4"/>',
    ]
    points = [
        (start + _SIDE * mean, top + _SIDE * (1 - right))
        for mean, right, _ in results.calibration()
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#1d5f8a" stroke-width="2"/>')
    parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1d5f8a"/>' for x, y in points]
    parts += [
        f'<text x="{start}" y="{top + _SIDE + 18}">0</text>',
        f'<text x="{start + _SIDE}" y="{top + _SIDE + 18}" text-anchor="end">confidence 1</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
