"""What every loss is: predictions and targets in, the number that training lowers out."""

from __future__ import annotations

from typing import Any

from lanthorn import ops
from lanthorn.engine.defaults import floatx
from lanthorn.engine.dtypes import DTypePolicy
from lanthorn.engine.naming import default_name
from lanthorn.engine.scope import Scope, current_scope, in_scope
from lanthorn.engine.structure import is_tensor, leaves, map_leaves
from lanthorn.losses.weighting import mask_of, reduced, standardize_reduction


class Loss:
    """`reduction(sample_weight × call(y_true, y_pred))`: the base class of losses.

    Write `call(y_true, y_pred)`, which gives one loss per sample (or per step of a sample); the
    base weighs, masks and reduces it.

    reduction: `"sum_over_batch_size"` and `"mean"` divide the sum by the number of losses, `"sum"`
    does not, `"mean_with_sample_weight"` divides by the sum of the weights, `"none"` and None leave
    one loss per sample.
    Example:
        >>> class Cubed(Loss):
        ...     def call(self, y_true, y_pred):
        ...         return ops.mean(ops.abs(y_true - y_pred) ** 3, axis=-1)
        >>> float(Cubed()([[0.0], [0.0]], [[1.0], [2.0]]))
        4.5
    """

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: Any = None,
    ) -> None:
        self.name = name or default_name(type(self))
        self.reduction = standardize_reduction(reduction)
        self._dtype = DTypePolicy.of(dtype or floatx()).compute_dtype

    @property
    def dtype(self) -> str:
        """The type in which the loss is computed."""
        return self._dtype

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        # Outside any model there is no scope, and then `call` could not say which places count.
        with in_scope(current_scope() or Scope()):
            given = mask_of(y_pred)
            losses = self.call(tensors(y_true, self.dtype), tensors(y_pred, self.dtype))
            mask = _both(given, mask_of(losses))
            return reduced(losses, sample_weight, mask, self.reduction, self.dtype)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} must define call(y_true, y_pred).")

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name, "reduction": self.reduction}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Loss:
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"


def tensors(structure: Any, dtype: str) -> Any:
    """Tensors of one type in the structure that came; nested lists of plain numbers are one."""
    if isinstance(structure, dict) or any(is_tensor(leaf) for leaf in leaves(structure)):
        return map_leaves(lambda leaf: ops.convert_to_tensor(leaf, dtype=dtype), structure)
    return ops.convert_to_tensor(structure, dtype=dtype)


def _both(given: Any, left: Any) -> Any:
    if given is None or left is None:
        return left if given is None else given
    return ops.logical_and(given, left)
