"""``{% display image crop widest as shown %}``: the files of a picture for one place on a page."""

from django import template

from newsroom.images.models import Display, Image, Picture

register = template.Library()


@register.simple_tag
def display(image: Image | Picture, cut: str = "", widest: int | str = 0) -> Display:
    """As ``Image.display``; a template that was not given a value passes an empty text."""
    return image.display(cut, widest=int(widest or 0))
