"""What every layer of pictures shares: one or many, either order of axes, labels beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lanthorn import ops
from lanthorn.axes import Axes
from lanthorn.layers import checks, orders
from lanthorn.layers.augmentation import boxes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import data_format as checked_format
from lanthorn.wiring import Wiring

LAST = "channels_last"
CHANGES = {
    "images": ("transform_images", "transform_single_image"),
    "labels": ("transform_labels", "transform_single_label"),
    "segmentation_masks": (
        "transform_segmentation_masks", "transform_single_segmentation_mask",
    ),
    "bounding_boxes": ("transform_bounding_boxes", "transform_single_bounding_box"),
}  # fmt: skip
"""What may lie beside pictures, and which methods change it, for a batch and for one."""


class Pictures(Layer):
    """Takes one picture (height, width, channels), a batch of them, or a dict with what belongs to
    them: "images", "labels", "segmentation_masks" and "bounding_boxes", all changed alike.

    A layer of this family is written for batches with the channels last; the rest is done here, so
    it tells the operations LAST, whatever order is the usual one.
    bounding_box_format: how boxes are written, one of `boxes.FORMATS`.
    """

    moves_places = False
    """Whether what stands at one place goes to another, so that masks and boxes go with it."""

    def __init__(
        self, *, data_format: str | None = None, bounding_box_format: str | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.data_format = checked_format(self, data_format)
        if bounding_box_format is not None:
            checks.one_of(self, "bounding_box_format", bounding_box_format, boxes.FORMATS)
        self.bounding_box_format = bounding_box_format

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "data_format": self.data_format}
        if self.bounding_box_format is not None:
            config["bounding_box_format"] = self.bounding_box_format
        return config

    # -- what a layer of the family says -------------------------------------------------------
    # Pictures come as a batch with the channels last; `transformation` is what `draw` gave.

    def works(self, training: bool) -> bool:
        """Whether pictures are changed at all."""
        return True

    def draw(self, shape: tuple[int, ...], seed: Any) -> dict[str, Any]:
        """What decides how pictures of this shape are changed, by name."""
        return {}

    def transform(self, images: Any, transformation: Any) -> Any:
        """The pictures, changed."""
        raise NotImplementedError

    def mix_labels(self, labels: Any, transformation: Any) -> Any:
        return labels

    def move_masks(self, masks: Any, transformation: Any) -> Any:
        return masks

    def move_corners(self, corners: Any, transformation: Any, size: tuple[int, int]) -> Any:
        """Boxes (left, top, right, bottom), in places of a picture of `size`, moved along."""
        raise ValueError(f"{self.name} ({type(self).__name__}) does not work on bounding boxes.")

    def new_size(self, height: Any, width: Any) -> tuple[Any, Any]:
        """The height and the width that come out."""
        return height, width

    def prepared(self, images: Any) -> Any:
        """The pictures in the type they are changed in."""
        return ops.cast(images, self.compute_dtype)

    # -- what follows ----------------------------------------------------------------------------

    def output_axes(self, x: Any) -> Any:
        if isinstance(x, dict):
            resized = ("images", "segmentation_masks")
            return {
                name: self.output_axes(part) if name in resized else part
                for name, part in x.items()
            }
        is_first = self.data_format == "channels_first"
        order = "channels, height, width" if is_first else "height, width, channels"
        flat = len(x) == 3 and x[0] is None and x[1] is not None
        self.require(
            len(x) in (3, 4) and not flat,
            x,
            f"(batch, {order})",
            "A batch of pictures without a channels axis has three axes, like one picture: give it "
            "one of size 1." if flat else "One picture alone may come without the batch.",
        )  # fmt: skip
        self.require(0 not in x[len(x) - 3 :], x, "pictures of at least one place and one channel")
        whole = x if len(x) == 4 else Axes.of_sample(tuple(x))
        seen = orders.inward_axes(whole) if is_first else whole
        rows, columns = seen.axes[1:3]
        height, width = self.new_size(rows.size, columns.size)
        found = seen.replace(1, rows._replace(size=height))
        found = found.replace(2, columns._replace(size=width))
        found = orders.outward_axes(found) if is_first else found
        return found if len(x) == 4 else Axes(found.sample)

    def call(self, data: Any, training: bool = True) -> Any:
        given = data if isinstance(data, dict) else {"images": data}
        if "images" not in given:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) wants a dict with 'images', not with "
                f"{sorted(given)}."
            )
        given = {**given, "images": ops.convert_to_tensor(given["images"])}
        is_one = given["images"].ndim == 3
        transformation = self.get_random_transformation(given, training)
        if "bounding_boxes" in given:
            given["bounding_boxes"] = self.checked_boxes(given["bounding_boxes"])
        for name, (many, one) in CHANGES.items():
            if name in given:
                change = getattr(self, one if is_one else many)
                given[name] = change(given[name], transformation, training=training)
        return given if isinstance(data, dict) else given["images"]

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Any:
        """What is drawn for these pictures: numbers by name, or None where they stay as they are.

        data: pictures, or a dict of them and what belongs to them. seed: instead of the layer's.
        """
        if not self.works(training):
            return None
        shape = tuple((data["images"] if isinstance(data, dict) else data).shape)
        seed = getattr(self, "generator", None) if seed is None else seed
        return {**self.draw(self.inward_shape(shape), seed), "input_shape": shape}

    def is_changed_by(self, transformation: Any, training: bool) -> bool:
        return self.works(training)

    def transform_images(
        self, images: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """The pictures, changed as `get_random_transformation` drew it."""
        x = self.prepared(ops.convert_to_tensor(images))
        if not self.is_changed_by(transformation, training):
            return x
        is_one = x.ndim == 3
        seen = self.inward(x, is_one)
        found = ops.cast(self.transform(seen, transformation), seen.dtype)
        return self.outward(found, is_one)

    def transform_labels(
        self, labels: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        labels = ops.convert_to_tensor(labels)
        is_changed = self.is_changed_by(transformation, training)
        return self.mix_labels(labels, transformation) if is_changed else labels

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Masks (height, width, classes), moved as the pictures are."""
        masks = ops.convert_to_tensor(segmentation_masks)
        if not (self.moves_places and self.is_changed_by(transformation, training)):
            return masks
        is_one = masks.ndim == 3
        return self.outward(self.move_masks(self.inward(masks, is_one), transformation), is_one)

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Boxes (batch, count, 4) and labels (batch, count), moved as the pictures are."""
        given = self.checked_boxes(bounding_boxes)
        if not self.is_changed_by(transformation, training):
            return given
        found, labels = (ops.convert_to_tensor(given[name]) for name in ("boxes", "labels"))
        found, is_one = ops.cast(found, "float32"), found.ndim == 2
        found = found[None] if is_one else found
        found, labels = self.move_boxes(found, labels, transformation)
        return {**given, "boxes": found[0] if is_one else found, "labels": labels}

    def transform_single_image(
        self, image: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        return self.transform_images(alone(image), transformation, training=training)[0]

    def transform_single_label(
        self, label: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        return self.transform_labels(alone(label), transformation, training=training)[0]

    def transform_single_segmentation_mask(
        self, segmentation_mask: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        masks = alone(segmentation_mask)
        return self.transform_segmentation_masks(masks, transformation, training=training)[0]

    def transform_single_bounding_box(
        self, bounding_box: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        given = self.checked_boxes(bounding_box)
        batch = {**given, **{name: alone(given[name]) for name in ("boxes", "labels")}}
        found = self.transform_bounding_boxes(batch, transformation, training=training)
        return {**found, **{name: found[name][0] for name in ("boxes", "labels")}}

    def checked_boxes(self, given: Any) -> dict[str, Any]:
        if self.bounding_box_format is None:
            raise ValueError(
                f"{self.name} ({type(self).__name__}) was given bounding boxes but not how they "
                f"are written: bounding_box_format is one of {', '.join(boxes.FORMATS)}."
            )
        if not isinstance(given, dict) or not {"boxes", "labels"} <= set(given):
            raise ValueError(
                f"{self.name} ({type(self).__name__}): bounding_boxes is a dict of 'boxes' "
                "(batch, count, 4) and 'labels' (batch, count)."
            )
        return given

    def move_boxes(self, found: Any, labels: Any, transformation: Any) -> tuple[Any, Any]:
        """Boxes in the layer's own writing, and their labels: -1 where nothing of a box is left."""
        if not self.moves_places:
            return found, labels
        assert self.bounding_box_format is not None
        size = self.size_of(transformation)
        after = self.new_size(*size)
        corners = boxes.corners(found, self.bounding_box_format, size)
        kept = boxes.clipped(self.move_corners(corners, transformation, size), after)
        return (
            boxes.written(kept, self.bounding_box_format, after),
            ops.where(boxes.is_empty(kept), ops.cast(-1, labels.dtype), labels),
        )

    def size_of(self, transformation: Any) -> tuple[int, int]:
        """The height and the width of the pictures that a transformation was drawn for."""
        if not isinstance(transformation, dict) or "input_shape" not in transformation:
            raise ValueError(
                f"{self.name} ({type(self).__name__}): to move boxes, a transformation tells the "
                "'input_shape' of the pictures; get_random_transformation(images) makes one."
            )
        shape = tuple(map(int, transformation["input_shape"]))
        _, height, width, _ = self.inward_shape(shape)
        return height, width

    def inward_shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The sizes of a batch with the channels last."""
        batch, *sizes = shape if len(shape) == 4 else (1, *shape)
        if self.data_format == "channels_first":
            sizes = [*sizes[1:], sizes[0]]
        return (batch, *sizes)

    def inward(self, images: Any, is_one: bool) -> Any:
        """A batch with the channels last."""
        x = ops.convert_to_tensor(images)
        x = x[None] if is_one else x
        return ops.moveaxis(x, 1, -1) if self.data_format == "channels_first" else x

    def outward(self, images: Any, is_one: bool) -> Any:
        """The pictures as they came."""
        x = ops.moveaxis(images, -1, 1) if self.data_format == "channels_first" else images
        return x[0] if is_one else x

    def wired_between(
        self, x: Any, output: Axes, arguments: Mapping[str, Any] | None = None
    ) -> Wiring:
        if self.data_format == "channels_first":
            return orders.wired(self, x, output)
        return super().wired_between(x, output, arguments)


def alone(x: Any) -> Any:
    """One picture, label or mask as a batch of one."""
    return ops.convert_to_tensor(x)[None]
