"""Bytes to text for formats that do not say how they are encoded."""

import codecs

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(data: bytes) -> str:
    """The text: by its byte order mark, else UTF-8, else Windows-1252 (which all Western plans in 8 bits are in).

    >>> decode("año".encode("cp1252")), decode("año".encode())
    ('año', 'año')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut off inside a character, or with few bad bytes, is still UTF-8.
        text = data.decode("utf-8", "replace")
        if error.start > len(data) - 4 or text.count("\ufffd") * 200 < sum(byte > 127 for byte in data):
            return text
        return data.decode("cp1252", "replace")
