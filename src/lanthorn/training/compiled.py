"""What `compile()` decided; and, once shapes are known, the objects that do it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn import losses, metrics, optimizers
from lanthorn.engine.errors import LanthornError
from lanthorn.engine.registry import UnknownNameError
from lanthorn.engine.structure import leaves
from lanthorn.words.nearest import did_you_mean


class Compiled:
    """One call of `compile()`.

    Names are looked up at once, so that a wrong one is refused here; which loss or metric
    "accuracy" means is decided by `prepare`, when the shapes of outputs and targets are known.
    """

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        loss: Any,
        loss_weights: Any,
        metrics: Any,
        weighted_metrics: Any,
        *,
        run_eagerly: bool,
        steps_per_execution: int,
        jit_compile: Any,
        auto_scale_loss: bool,
    ) -> None:
        self.optimizer = optimizers.get(optimizer)
        self.given = {
            "optimizer": self.optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }
        self.auto_scale_loss = auto_scale_loss
        self.functions: dict[Any, Any] = {}
        """Compiled steps, by what they were compiled for."""
        self.outputs_for: dict[Any, Any] = {}
        """Shapes and types of the outputs, by those of the data they were found for."""
        self.is_prepared = False
        self.loss_mean: Any = None
        self.outputs: list[OutputPlan] = []
        self.names = _output_names(model)
        _check_names(loss, losses.table, COMPILE_LOSSES)
        _check_names([metrics, weighted_metrics], _metrics_table(), COMPILE_METRICS)

    @property
    def metrics(self) -> list[Any]:
        """The loss's mean, each output's loss when there are several, then what was asked for."""
        if not self.is_prepared:
            return []
        per_output = [plan.loss_mean for plan in self.outputs if plan.loss_mean is not None]
        chosen = [metric for plan in self.outputs for metric in (*plan.metrics, *plan.weighted)]
        return [self.loss_mean, *per_output, *chosen]

    def prepare(self, y_pred: Any, y_true: Any) -> None:
        """Choose the objects for these shapes. Does nothing the second time."""
        if self.is_prepared:
            return
        predicted = list(leaves(y_pred))
        targets = in_order(y_true, self.names, predicted, "targets")
        names = self.names
        if len(names) != len(predicted):
            names = [f"output_{i + 1}" for i in range(len(predicted))]
        wanted = {key: _per_output(self.given[key], names, key) for key in PER_OUTPUT}
        taken = {"loss"}
        self.outputs = [
            _plan(
                name,
                {key: each[i] for key, each in wanted.items()},
                (_shape(targets[i]), _shape(predicted[i])),
                f"{name}_" if len(names) > 1 else "",
                taken,
            )
            for i, name in enumerate(names)
        ]
        self.loss_mean = metrics.Mean(name="loss")
        self.is_prepared = True


PER_OUTPUT = ("loss", "loss_weights", "metrics", "weighted_metrics")
"""What compile() takes once for each output."""


def _plan(
    name: str, wanted: dict[str, Any], shapes: tuple[Any, Any], prefix: str, taken: set[str]
) -> OutputPlan:
    """The objects for one output. prefix: begins the names of its metrics, with several outputs."""
    loss = wanted["loss"]
    return OutputPlan(
        name,
        None if loss is None else losses.resolve(loss, *shapes),
        wanted["loss_weights"],
        metrics.Mean(name=f"{name}_loss") if prefix and loss is not None else None,
        _metrics(wanted["metrics"], shapes, loss, prefix, taken),
        _metrics(wanted["weighted_metrics"], shapes, loss, prefix, taken, "weighted_"),
    )


class OutputPlan:
    """What is measured at one output."""

    __slots__ = ("loss", "loss_mean", "metrics", "name", "weight", "weighted")

    def __init__(
        self,
        name: str,
        loss: Any,
        weight: float | None,
        loss_mean: Any,
        metrics: Sequence[Any],
        weighted: Sequence[Any],
    ) -> None:
        self.name = name
        self.loss = loss
        self.weight = weight
        self.loss_mean = loss_mean
        self.metrics = list(metrics)
        self.weighted = list(weighted)


COMPILE_LOSSES = ("crossentropy", "ce")
COMPILE_METRICS = ("accuracy", "acc", "crossentropy", "ce")
"""Names whose meaning depends on shapes, known to compile() only."""


def in_order(structure: Any, names: Sequence[str], like: Sequence[Any], what: str) -> list[Any]:
    """One entry per output: dicts by output name, lists by place, None everywhere for None."""
    if structure is None:
        return [None] * len(like)
    if isinstance(structure, dict):
        unknown = [name for name in structure if name not in names]
        if unknown:
            raise LanthornError(
                f"The {what} name {unknown[0]!r}, but the model's outputs are {list(names)}"
                f"{did_you_mean(unknown[0], names)}"
            )
        return [structure.get(name) for name in names]
    found = list(leaves(structure))
    if len(found) != len(like):
        raise LanthornError(
            f"The model has {len(like)} output{'s' if len(like) > 1 else ''}, "
            f"but the {what} are {len(found)}."
        )
    return found


def _metrics_table() -> Any:
    return metrics.table


def _output_names(model: Any) -> list[str]:
    return list(getattr(model, "output_names", ())) if getattr(model, "_graph", None) else []


def _check_names(given: Any, table: Any, extra: Sequence[str]) -> None:
    """Refuse an unknown name now, not at the first step."""
    for identifier in leaves(given):
        if isinstance(identifier, str) and identifier not in extra:
            try:
                table.lookup(identifier)
            except UnknownNameError:
                raise UnknownNameError(
                    f"There is no {table.kind} called {identifier[:80]!r}"
                    + did_you_mean(identifier, (*extra, *table.names))
                ) from None


def _per_output(given: Any, names: Sequence[str], what: str) -> list[Any]:
    """What is wanted of each output."""
    if len(names) == 1 and not isinstance(given, dict):
        if what in ("loss", "loss_weights") and isinstance(given, list | tuple):
            if len(given) > 1:
                raise LanthornError(
                    f"{what} has {len(given)} entries, but the model has one output. To minimise "
                    "a sum, write one function that adds them."
                )
            given = given[0] if given else None
        return [given]
    if given is None:
        return [None] * len(names)
    if isinstance(given, dict):
        unknown = [name for name in given if name not in names]
        if unknown:
            raise LanthornError(
                f"{what} names {unknown[0]!r}, but the model's outputs are {list(names)}"
                f"{did_you_mean(unknown[0], names)}"
            )
        return [given.get(name) for name in names]
    if isinstance(given, list | tuple):
        if len(given) != len(names):
            raise LanthornError(
                f"{what} has {len(given)} entries, but the model has {len(names)} outputs: "
                f"{list(names)}."
            )
        return list(given)
    return [given] * len(names)


def _metrics(
    wanted: Any,
    shapes: tuple[Any, Any],
    loss: Any,
    prefix: str,
    taken: set[str],
    rival: str = "",
) -> list[Any]:
    """The metric objects of one output, with names that no other has."""
    found = []
    for identifier in wanted if isinstance(wanted, list | tuple) else [wanted]:
        if identifier is None:
            continue
        metric = metrics.resolve(identifier, *shapes, loss=loss)
        if metric is identifier and not prefix and metric.name not in taken:
            taken.add(metric.name)
            found.append(metric)
            continue
        plain = f"{prefix}{metric.name}"
        name, count = plain, 1
        if name in taken and rival:
            name = plain = f"{rival}{plain}"
        while name in taken:
            name, count = f"{plain}_{count}", count + 1
        metric.name = name
        taken.add(name)
        found.append(metric)
    return found


def _shape(tensor: Any) -> tuple[int | None, ...] | None:
    return None if tensor is None else tuple(tensor.shape)
