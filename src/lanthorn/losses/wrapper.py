"""Losses made of a function: any function, or one of the library's own formulas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from lanthorn.engine.registry import registered_name
from lanthorn.engine.structure import is_tensor
from lanthorn.losses.alignment import same_rank
from lanthorn.losses.loss import Loss


class LossFunctionWrapper(Loss):
    """The loss `fn(y_true, y_pred, **kwargs)`, weighed and reduced.

    Example:
        >>> def absolute(y_true, y_pred): return abs(y_true - y_pred)[:, 0]
        >>> float(LossFunctionWrapper(absolute)([[1.0], [1.0]], [[2.0], [4.0]]))
        2.0
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.fn = fn
        self.settings = kwargs

    def call(self, y_true: Any, y_pred: Any) -> Any:
        y_true, y_pred = _same_ranks(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.settings)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "fn": to_config_of_function(self.fn), **self.settings}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Loss:
        if "fn" in config:
            from lanthorn import losses

            config = {**config, "fn": losses.get(config["fn"])}
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self.fn}, kwargs={self.settings})>"


class FormulaLoss(LossFunctionWrapper):
    """A loss whose formula comes with the library, so that only its settings need keeping.

    Each setting is an attribute too.
    """

    left_out: ClassVar[dict[str, Any]] = {}
    """Settings that a config has only when they differ from these values: Keras's files leave them
    out always, and so forget them."""

    def __init__(self, fn: Callable[..., Any], **kwargs: Any) -> None:
        super().__init__(fn, **kwargs)
        vars(self).update(self.settings)

    def get_config(self) -> dict[str, Any]:
        kept = {
            name: value
            for name, value in self.settings.items()
            if name not in self.left_out or value != self.left_out[name]
        }
        return {**Loss.get_config(self), **kept}


def to_config_of_function(fn: Any) -> Any:
    """What a file keeps of a function: its name, in the form of Keras 3 files."""
    if hasattr(fn, "get_config"):
        from lanthorn.engine.registry import to_config

        return to_config(fn)
    name = registered_name(fn) or getattr(fn, "__name__", type(fn).__name__)
    return {
        "module": "builtins",
        "class_name": "function",
        "config": name,
        "registered_name": "function",
    }


def _same_ranks(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """`same_rank` for each pair of two structures of one form; others stay as they are."""
    if is_tensor(y_true) and is_tensor(y_pred):
        return same_rank(y_true, y_pred)
    if isinstance(y_true, dict) and isinstance(y_pred, dict) and y_true.keys() == y_pred.keys():
        pairs = {key: _same_ranks(y_true[key], y_pred[key]) for key in y_true}
        return {key: a for key, (a, _) in pairs.items()}, {key: b for key, (_, b) in pairs.items()}
    if isinstance(y_true, list | tuple) and isinstance(y_pred, list | tuple):
        if len(y_true) == len(y_pred):
            both = [_same_ranks(a, b) for a, b in zip(y_true, y_pred, strict=True)]
            return type(y_true)(a for a, _ in both), type(y_pred)(b for _, b in both)
    return y_true, y_pred
