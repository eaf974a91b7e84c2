"""pdfium's C functions, called without Python's conversions of arguments.

pdfium answers one character or object a call. Through these prototypes addresses are plain integers, and the
interpreter lock is kept during a call, which halves its price; a worker has one thread anyway.
"""

import ctypes
from typing import Any

import pypdfium2.raw as pdfium

POINTER, INT = ctypes.c_void_p, ctypes.c_int


def _prototype(function: Any, result: Any, *arguments: Any) -> Any:
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, POINTER).value or 0)


def address(handle: Any) -> int:
    """Address of a pypdfium2 handle."""
    return ctypes.cast(handle, POINTER).value or 0


# Characters of a text page: (text page, index, ...)
char_box = _prototype(pdfium.FPDFText_GetLooseCharBox, None, POINTER, INT, POINTER)
char_object = _prototype(pdfium.FPDFText_GetTextObject, POINTER, POINTER, INT)
char_code = _prototype(pdfium.FPDFText_GetUnicode, ctypes.c_uint, POINTER, INT)
text = _prototype(pdfium.FPDFText_GetText, INT, POINTER, INT, INT, POINTER)

# Text objects and fonts
object_font = _prototype(pdfium.FPDFTextObj_GetFont, POINTER, POINTER)
object_size = _prototype(pdfium.FPDFTextObj_GetFontSize, INT, POINTER, POINTER)
object_mode = _prototype(pdfium.FPDFTextObj_GetTextRenderMode, INT, POINTER)
font_name = _prototype(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, POINTER, POINTER, ctypes.c_size_t)
font_weight = _prototype(pdfium.FPDFFont_GetWeight, INT, POINTER)
font_flags = _prototype(pdfium.FPDFFont_GetFlags, INT, POINTER, POINTER)

# Objects of a page or form
page_object = _prototype(pdfium.FPDFPage_GetObject, POINTER, POINTER, INT)
form_object = _prototype(pdfium.FPDFFormObj_GetObject, POINTER, POINTER, ctypes.c_ulong)
form_count = _prototype(pdfium.FPDFFormObj_CountObjects, INT, POINTER)
object_type = _prototype(pdfium.FPDFPageObj_GetType, INT, POINTER)
object_bounds = _prototype(pdfium.FPDFPageObj_GetBounds, INT, POINTER, POINTER, POINTER, POINTER, POINTER)
object_matrix = _prototype(pdfium.FPDFPageObj_GetMatrix, INT, POINTER, POINTER)
object_colour = _prototype(pdfium.FPDFPageObj_GetFillColor, INT, POINTER, POINTER, POINTER, POINTER, POINTER)
object_transparent = _prototype(pdfium.FPDFPageObj_HasTransparency, INT, POINTER)
object_clip = _prototype(pdfium.FPDFPageObj_GetClipPath, POINTER, POINTER)
clip_paths = _prototype(pdfium.FPDFClipPath_CountPaths, INT, POINTER)

# Paths
path_segments = _prototype(pdfium.FPDFPath_CountSegments, INT, POINTER)
path_segment = _prototype(pdfium.FPDFPath_GetPathSegment, POINTER, POINTER, INT)
path_mode = _prototype(pdfium.FPDFPath_GetDrawMode, INT, POINTER, POINTER, POINTER)
segment_type = _prototype(pdfium.FPDFPathSegment_GetType, INT, POINTER)
segment_point = _prototype(pdfium.FPDFPathSegment_GetPoint, INT, POINTER, POINTER, POINTER)
