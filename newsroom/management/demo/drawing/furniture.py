"""What every graphic of the outlet shares: headline, source line, leader lines."""

from newsroom.management.demo.drawing.canvas import INK, OXBLOOD, SOFT, Canvas, Color

MARGIN = 90


def titled(
    canvas: Canvas, title: str, note: str, *, color: Color = INK, soft: Color = SOFT
) -> None:
    """Set the graphic's headline and the line that says what is measured, at the top left."""
    canvas.box(MARGIN, 56, MARGIN + 96, 66, OXBLOOD)
    canvas.text(MARGIN, 132, title, size=54, color=color, bold=True)
    canvas.text(MARGIN, 184, note, size=31, color=soft)


def sourced(canvas: Canvas, source: str, *, color: Color = SOFT) -> None:
    """Set the source at the foot of the graphic, the outlet's name at its right."""
    foot = canvas.height - 44
    canvas.text(MARGIN, foot, f"Source: {source}", size=25, color=color)
    canvas.text(
        canvas.width - MARGIN, foot, "The Vellmouth Courier", size=25, color=color, anchor="rs"
    )
