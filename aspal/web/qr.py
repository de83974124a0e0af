"""An address as a picture that a phone reads."""

from base64 import b64encode
from io import BytesIO


def qr_code(text: str) -> str:
    """For the src of an image; an SVG, so that it is sharp on the wall of a ballroom."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    target = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=2).save(target)
    return f"data:image/svg+xml;base64,{b64encode(target.getvalue()).decode()}"
