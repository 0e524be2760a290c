"""What every layer of pictures shares: one or many, either order of axes, labels beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lanthorn import ops, random
from lanthorn.axes import Axes
from lanthorn.layers import checks, orders
from lanthorn.layers.augmentation import boxes
from lanthorn.layers.base import Layer
from lanthorn.layers.checks import data_format as checked_format
from lanthorn.wiring import Elementwise, Wiring

LAST = "channels_last"


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

    def drawn(self, shape: tuple[int, ...], training: bool) -> Any:
        """What decides how pictures of this shape are changed; None leaves them as they are."""
        return ()

    def transform(self, images: Any, drawn: Any) -> Any:
        """The pictures, changed."""
        raise NotImplementedError

    def transform_labels(self, labels: Any, drawn: Any) -> Any:
        return labels

    def transform_masks(self, masks: Any, drawn: Any) -> Any:
        return masks

    def transform_boxes(self, corners: Any, drawn: Any, size: tuple[int, int]) -> Any:
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
        images = self.prepared(ops.convert_to_tensor(given["images"]))
        is_one = images.ndim == 3
        drawn = self.drawn(self.inward_shape(images.shape), training)
        if drawn is None:
            changed = {**given, "images": images}
        else:
            seen = self.inward(images, is_one)
            pictures = ops.cast(self.transform(seen, drawn), seen.dtype)
            changed = {**given, **self.changed_beside(given, seen, drawn, is_one)}
            changed["images"] = self.outward(pictures, is_one)
        return changed if isinstance(data, dict) else changed["images"]

    def changed_beside(
        self, given: dict[str, Any], images: Any, drawn: Any, is_one: bool
    ) -> dict[str, Any]:
        """What came beside the pictures, changed with them."""
        found = {}
        if "labels" in given:
            labels = ops.convert_to_tensor(given["labels"])
            labels = self.transform_labels(labels[None] if is_one else labels, drawn)
            found["labels"] = labels[0] if is_one else labels
        if "segmentation_masks" in given:
            masks = ops.convert_to_tensor(given["segmentation_masks"])
            if self.moves_places:
                masks = self.transform_masks(self.inward(masks, is_one), drawn)
                masks = self.outward(masks, is_one)
            found["segmentation_masks"] = masks
        if "bounding_boxes" in given:
            found["bounding_boxes"] = self.changed_boxes(
                given["bounding_boxes"], images.shape, drawn, is_one
            )
        return found

    def changed_boxes(self, given: Any, shape: tuple[int, ...], drawn: Any, is_one: bool) -> Any:
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
        found, labels = (ops.convert_to_tensor(given[name]) for name in ("boxes", "labels"))
        found, labels = (found[None], labels[None]) if is_one else (found, labels)
        size = (shape[1], shape[2])
        found, labels = self.moved_boxes(ops.cast(found, "float32"), labels, drawn, size)
        return {**given, "boxes": found[0] if is_one else found,
                "labels": labels[0] if is_one else labels}  # fmt: skip

    def moved_boxes(
        self, found: Any, labels: Any, drawn: Any, size: tuple[int, int]
    ) -> tuple[Any, Any]:
        """Boxes in the layer's own writing, and their labels: -1 where nothing of a box is left."""
        if not self.moves_places:
            return found, labels
        assert self.bounding_box_format is not None
        after = self.new_size(*size)
        corners = boxes.corners(found, self.bounding_box_format, size)
        kept = boxes.clipped(self.transform_boxes(corners, drawn, size), after)
        return (
            boxes.written(kept, self.bounding_box_format, after),
            ops.where(boxes.is_empty(kept), ops.cast(-1, labels.dtype), labels),
        )

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


class Augmentation(Pictures):
    """Pictures changed at random while training, and handed on unchanged otherwise.

    Called by itself, without a word about `training`, such a layer trains, as in Keras.
    seed: a whole number; the same one draws the same changes, and the ones Keras on JAX draws.
    """

    def __init__(self, *, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seed = seed
        self.generator = random.SeedGenerator(seed)

    def draw(self, shape: tuple[int, ...], seed: Any) -> Any:
        """What is drawn for pictures of this shape: the numbers that `transform` works with."""
        raise NotImplementedError

    def drawn(self, shape: tuple[int, ...], training: bool) -> Any:
        return self.draw(shape, self.generator) if training else None

    def wiring(self, x: Axes) -> Wiring:
        return Elementwise("linear", told="augmentation")


class Bending(Augmentation):
    """An augmentation that reads every place of the result at another place of the picture."""

    moves_places = True
    interpolation: str

    def move(self, images: Any, drawn: Any, interpolation: str) -> Any:
        raise NotImplementedError

    def transform(self, images: Any, drawn: Any) -> Any:
        return self.move(images, drawn, self.interpolation)

    def transform_masks(self, masks: Any, drawn: Any) -> Any:
        return self.move(masks, drawn, "nearest")
