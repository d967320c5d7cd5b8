"""An address as a QR code, for phones in the room."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """An SVG of ink on nothing: the page gives it a light ground, which cameras need."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, border=2, scale=4, dark="#1D1829", light="#FFFFFF", omitsize=True
    )
    return mark_safe(out.getvalue().decode())  # segno writes numbers into it, never the text
