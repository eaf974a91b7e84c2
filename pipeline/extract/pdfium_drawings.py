"""Drawings of a PDF page: thin rules, pictures, and filled areas that hide the text beneath them."""

import ctypes
from itertools import repeat

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.extract import pdfium_calls as call
from pipeline.extract.frame import IDENTITY, Frame, Matrix, product, transform
from pipeline.extract.page import Fragment

TEXT, PATH, IMAGE, FORM = 1, 2, 3, 5
MAX_OBJECTS = 20_000  # maps and charts: beyond this many, drawings tell nothing about the text
MAX_GRIDS = 800  # paths a page that are looked at stroke by stroke
MAX_SEGMENTS = 400
THIN = 3.0  # points: a filled path thinner than this is a rule


class Drawings:
    """What is drawn on a page besides text."""

    def __init__(self, page: pypdfium2.PdfPage):
        box = page.get_cropbox()
        media = page.get_mediabox()
        left, bottom = max(box[0], media[0]), max(box[1], media[1])
        right, top = min(box[2], media[2]), min(box[3], media[3])
        if right <= left or top <= bottom:
            left, bottom, right, top = media
        self.frame = Frame(left, bottom, right, top, (page.get_rotation() // 90) % 4)
        self.order: dict[int, int] = {}
        self._numbers = (ctypes.c_float * 6)()
        self._colours = (ctypes.c_uint * 4)()
        self._paths: list[tuple[int, int, bool, Matrix, float, float, float, float]] = []
        self._pictures: list[tuple[float, float, float, float]] = []
        self._collect(page)
        self.outlines = len(self._paths)
        boxes = self._boxes(self._paths)
        self.rules = self._rules(boxes)
        self.images = [
            box
            for box in map(tuple, self._boxes(self._pictures).tolist())
            if box[2] - box[0] > 5 and box[3] - box[1] > 5
        ]
        self._path_boxes = boxes

    def _collect(self, page: pypdfium2.PdfPage) -> None:
        handle = call.address(page.raw)
        count = pdfium.FPDFPage_CountObjects(page.raw)
        objects = list(map(call.page_object, repeat(handle), range(min(count, MAX_OBJECTS))))
        self._walk(objects, IDENTITY, 0, True)

    def _walk(self, objects: list[int], matrix: Matrix, depth: int, solid: bool) -> None:
        address = ctypes.addressof(self._numbers)
        for obj, kind in zip(objects, map(call.object_type, objects), strict=True):
            order = len(self.order)
            if order >= MAX_OBJECTS:
                return
            self.order[obj] = order
            if kind in (PATH, IMAGE):
                if not call.object_bounds(obj, address, address + 4, address + 8, address + 12):
                    continue
                x0, y0, x1, y1 = self._numbers[0:4]
                if depth:
                    x0, y0, x1, y1 = transform(matrix, x0, y0, x1, y1)
                if kind == PATH:
                    self._paths.append((obj, order, solid, matrix, x0, y0, x1, y1))
                else:
                    self._pictures.append((x0, y0, x1, y1))
            elif kind == FORM and depth < 4:
                inner: Matrix = IDENTITY
                if call.object_matrix(obj, address):
                    inner = tuple(self._numbers[0:6])  # type: ignore[assignment]
                number = call.form_count(obj)
                if number > 0:
                    children = list(map(call.form_object, repeat(obj), range(min(number, MAX_OBJECTS))))
                    self._walk(children, product(inner, matrix), depth + 1, solid and not call.object_transparent(obj))

    def _boxes(self, items: list[tuple]) -> np.ndarray:
        if not items:
            return np.empty((0, 4))
        array = np.array([item[-4:] for item in items], np.float64)
        return np.column_stack(self.frame.place(array[:, [0, 3, 2, 1]]))

    def _rules(self, boxes: np.ndarray) -> np.ndarray:
        """Thin paths, the sides of stroked rectangles, and the strokes of grids that are drawn as one path."""
        if not len(boxes):
            return boxes
        wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
        thin = ((high <= THIN) & (wide > 3)) | ((wide <= THIN) & (high > 3))
        found = [boxes[thin]]
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        for place in np.flatnonzero(~thin & (wide > 8) & (high > 6)).tolist()[:MAX_GRIDS]:
            obj, matrix = self._paths[place][0], self._paths[place][3]
            count = call.path_segments(obj)
            if (
                not call.path_mode(obj, ctypes.addressof(fill), ctypes.addressof(stroke))
                or not stroke.value
                or count > MAX_SEGMENTS
            ):
                continue
            strokes = self._strokes(obj, count, matrix)
            if strokes:
                found.append(np.column_stack(self.frame.place(np.array(strokes))))
        return np.concatenate(found)

    def _strokes(self, obj: int, count: int, matrix: Matrix) -> list[tuple[float, float, float, float]]:
        """Level and upright strokes of a path, as left, top, right, bottom in PDF space."""
        address = ctypes.addressof(self._numbers)
        own: Matrix = IDENTITY
        if call.object_matrix(obj, address):
            own = tuple(self._numbers[0:6])  # type: ignore[assignment]
        a, b, c, d, e, f = product(own, matrix)
        result = []
        start = last = (0.0, 0.0)
        for number in range(count):
            segment = call.path_segment(obj, number)
            kind = call.segment_type(segment)
            if not call.segment_point(segment, address, address + 4):
                continue
            x, y = self._numbers[0], self._numbers[1]
            point = (a * x + c * y + e, b * x + d * y + f)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                (x0, x1), (y0, y1) = sorted((last[0], point[0])), sorted((last[1], point[1]))
                if (x1 - x0 < 1) != (y1 - y0 < 1):
                    result.append((x0, y1, x1, y0))
                if number == 3 and count in (4, 5) and abs(point[0] - start[0]) + abs(point[1] - start[1]) > 1:
                    (x0, x1), (y0, y1) = sorted((start[0], point[0])), sorted((start[1], point[1]))
                    if (x1 - x0 < 1) != (y1 - y0 < 1):
                        result.append((x0, y1, x1, y0))  # the side that closing the path draws
            last = point
        return result

    def underlined(self, x0: np.ndarray, x1: np.ndarray, y0: np.ndarray, y1: np.ndarray) -> np.ndarray:
        """Which words (boxes as arrays) have a rule drawn just under their base line."""
        result = np.zeros(len(x0), bool)
        rules = self.rules
        if not len(rules):
            return result
        rules = rules[(rules[:, 3] - rules[:, 1] <= 2.5) & (rules[:, 2] - rules[:, 0] > 4)]
        if not len(rules) or len(rules) > 400:
            return result
        middle = (x0 + x1) / 2
        height = y1 - y0
        level = (rules[:, 1] + rules[:, 3]) / 2
        for (left, _, right, _), y in zip(rules, level, strict=True):
            result |= (middle > left) & (middle < right) & (y > y1 - 0.35 * height) & (y < y1 + 0.08 * height)
        return result

    def uncovered(self, fragments: list[Fragment]) -> list[Fragment]:
        """The fragments that no opaque filled area drawn later hides."""
        covers = self._covers()
        if not covers:
            return fragments
        kept = []
        for piece in fragments:
            order = self.order.get(piece.handle, 1 << 30)
            y = (piece.y0 + piece.y1) / 2
            hidden = any(
                later > order and box[0] - 1 <= piece.x0 and piece.x1 <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1
                for later, box in covers
            )
            if not hidden:
                kept.append(piece)
        return kept

    def _covers(self) -> list[tuple[int, list[float]]]:
        boxes = self._path_boxes
        if not len(boxes):
            return []
        large = np.flatnonzero((boxes[:, 2] - boxes[:, 0] > 20) & (boxes[:, 3] - boxes[:, 1] > 8))
        found = []
        address = ctypes.addressof(self._colours)
        for position in large.tolist()[:500]:
            obj, order, solid = self._paths[position][:3]
            if not solid:
                continue
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            if (
                not call.path_mode(obj, ctypes.addressof(fill), ctypes.addressof(stroke))
                or not fill.value
                or call.path_segments(obj) > 6
            ):
                continue
            if (
                not call.object_colour(obj, address, address + 4, address + 8, address + 12)
                or self._colours[3] < 255
                or call.object_transparent(obj)
            ):
                continue
            clip = call.object_clip(obj)
            if clip and call.clip_paths(clip) > 1:  # shown in part only: what it hides is not known
                continue
            found.append((order, boxes[position].tolist()))
        return found
