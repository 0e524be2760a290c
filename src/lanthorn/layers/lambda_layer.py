"""Lambda: a function of yours as a layer."""

from __future__ import annotations

import inspect
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.plain import function_config, plain, plain_array
from lanthorn.engine.refusals import DamagedModelError, UnknownObjectError, UnsafeModelError, quoted
from lanthorn.engine.registry import custom_object, custom_object_scope
from lanthorn.engine.structure import map_shapes
from lanthorn.layers import symbols
from lanthorn.layers.base import Layer


class Lambda(Layer):
    """`y = function(x)`.

    function: of the input; it is given `mask` and `training` too when it has such arguments, and
        always `arguments`.
    output_shape: one sample's sizes, or a function of the input's shape; None finds it by trying.
    mask: what compute_mask gives: a tensor, or a function of input and mask.
    A file keeps the name of a function, never its code: it is opened again with
    `load_model(path, custom_objects={name: function})`, or when the function is registered. A
    nameless one (`lambda`) goes by the layer's name there.
    Raises: ValueError for what is no function.
    Source: keras 3.15 `layers/core/lambda_layer.py`.
    Example:
        >>> Lambda(lambda x: 2 * x)([[1.0, 2.0]])
        Array([[2., 4.]], dtype=float32)
    """

    not_kept = ("function", "output_shape", "mask", "arguments")

    def __init__(
        self,
        function: Any,
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if not callable(function):
            raise ValueError(f"Lambda is made of a function, not of {function!r}.")
        if arguments is not None and not isinstance(arguments, dict):
            raise ValueError(f"Lambda: arguments is a dict of name and value, not {arguments!r}.")
        self.function = function
        self.output_shape = output_shape
        self.mask = mask
        self.arguments = dict(arguments or {})
        self.supports_masking = mask is not None

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        offered = {"mask": mask, "training": training}
        taken = {name: offered[name] for name in argument_names(self.function) if name in offered}
        return self.function(inputs, **{**self.arguments, **taken})

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def compute_output_shape(self, input_shape: Any) -> Any:
        if callable(self.output_shape):
            found: Any = self.output_shape(input_shape)
            return tuple(found)
        axes = map_shapes(Axes.of, input_shape)
        if self.output_shape is None:
            return symbols.traced_axes(self, axes)
        first = axes if isinstance(axes, Axes) else axes[0]
        return map_shapes(lambda sizes: (first[0], *sizes), self.output_shape)

    # -- files ----------------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        config["function"] = self._kept(self.function, "")
        config["arguments"] = plain(self.arguments)
        for name in ("output_shape", "mask"):
            value = getattr(self, name)
            if value is not None:
                config[name] = self._kept(value, f"_{name}") if callable(value) else plain(value)
        return config

    def functions(self) -> dict[str, Any]:
        """Its functions by the names that a file keeps of them."""
        settings = {"": self.function, "_output_shape": self.output_shape, "_mask": self.mask}
        return {
            self._kept(function, suffix)["config"]: function
            for suffix, function in settings.items()
            if callable(function)
        }

    def _kept(self, function: Any, suffix: str) -> dict[str, Any]:
        """A function by its name; a nameless one by this layer's."""
        if is_nameless(function):
            config = {"module": "builtins", "class_name": "function", "registered_name": "function"}
            return {**config, "config": self.name + suffix}
        return function_config(function)

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Any = None, safe_mode: bool | None = None
    ) -> Any:
        """The layer that a config describes.

        custom_objects: functions by the names that the config has of them.
        safe_mode: taken for Keras's sake; code in a config is never run, whatever it says.
        """
        with custom_object_scope(custom_objects):
            return cls._from_names(config)

    @classmethod
    def _from_names(cls, config: dict[str, Any]) -> Any:
        name = config.get("name", "lambda")
        found = dict(config)
        found["function"] = revived(config.get("function"), name, "")
        if not callable(found["function"]):
            raise DamagedModelError("a Lambda without a function.")
        for setting in ("output_shape", "mask"):
            if config.get(setting) is not None:
                found[setting] = revived(config[setting], name, f"_{setting}")
        shape = found.get("output_shape")
        found["output_shape"] = tuple(shape) if isinstance(shape, list) else shape
        found["arguments"] = arrays(config.get("arguments") or {})
        return cls(**found)


def is_nameless(function: Any) -> bool:
    return "<" in getattr(function, "__name__", "<")


def argument_names(function: Any) -> tuple[str, ...]:
    """The names of a function's arguments; none for one that does not tell them."""
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


def revived(config: Any, layer: str, suffix: str) -> Any:
    """A function that a file names, from those that the user has given or registered.

    Whatever code a file holds is not even decoded.
    Raises: UnsafeModelError for code; UnknownObjectError for a name that nobody has given.
    """
    if callable(config) or not isinstance(config, dict):
        return config
    kind, name = config.get("class_name"), config.get("config")
    if kind not in ("function", "__lambda__"):
        return arrays(config)
    own = layer + suffix
    names = [own] if kind == "__lambda__" else [str(name), own]
    found = next((f for f in map(custom_object, names) if f is not None), None)
    if callable(found) and not isinstance(found, type):
        return found
    hint = (
        f"Give the function yourself: load_model(path, custom_objects={{{names[0]!r}: function}})."
    )
    if kind == "__lambda__":
        raise UnsafeModelError(
            "holds Python code. Lanthorn never runs code from a file.", hint=hint
        )
    raise UnknownObjectError(
        f"is made of a function called {quoted(name)}, which a file does not hold.", hint=hint
    )


def arrays(value: Any) -> Any:
    """Plain values as they were, arrays among them made of their numbers."""
    if isinstance(value, list | tuple):
        return [arrays(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "__numpy__" and isinstance(value.get("config"), dict):
        return plain_array(value["config"])
    if "class_name" in value:
        raise DamagedModelError(f"holds {quoted(value['class_name'])}, which is no plain value.")
    return {key: arrays(item) for key, item in value.items()}
