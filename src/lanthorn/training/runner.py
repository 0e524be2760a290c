"""Runs compiled steps on a model: many at once over arrays, or one by one over a stream."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.training import steps
from lanthorn.training.data import ArrayData, Batch
from lanthorn.training.state import Layout, gathered, layout_of, write_back

Logs = dict[str, Any]

CHUNK_SECONDS = 0.1
"""How long one compiled call may take: the progress still moves and Ctrl-C is heard."""


class Runner:
    """A model with its compiled steps. After every call the variables hold the new state."""

    def __init__(self, model: Any, training: bool, computed: Any = None) -> None:
        """computed: what of the model is compiled, when its first layers work on the host."""
        self.model = model
        self.computed = model if computed is None else computed
        self.compiled = model._compiled
        self.training = training
        self.optimizer: Any = self.compiled.optimizer if training else None
        self.layout: Layout = layout_of(model, self.compiled.metrics)
        if training:
            self.optimizer.build(list(self.layout.trainable.values()), list(self.layout.trainable))
        self._seconds_per_step: float | None = None

    def reset_metrics(self) -> None:
        for metric in self.compiled.metrics:
            metric.reset_state()

    # -- one batch ---------------------------------------------------------------------------------

    def batch(self, batch: Batch) -> Logs:
        """One step on one batch; the metrics so far."""
        return self._call("one", batch)

    # -- arrays ------------------------------------------------------------------------------------

    def epoch(
        self, data: ArrayData, order: Any, size: int, at_once: bool
    ) -> Iterator[tuple[int, Logs]]:
        """Steps over the rows in `order`. Yields the number of steps done and the metrics so far.

        at_once: several steps may run before it yields.
        """
        whole = len(order) // size
        parts = (data.x, data.y, data.weights)
        done = 0
        rows = order[: whole * size].reshape(whole, size)
        while done < whole:
            count = self._steps_at_once(whole - done) if at_once else 1
            begun = time.perf_counter()
            logs = self._call("many", parts, rows, done, count)
            logs = {name: float(value) for name, value in logs.items()}  # waits for the device
            self._learn_pace(time.perf_counter() - begun, count)
            done += count
            yield done, logs
        if len(order) % size:
            last = order[whole * size :].reshape(1, -1)
            yield done + 1, self._call("many", parts, last, 0, 1)

    def _steps_at_once(self, left: int) -> int:
        if self._seconds_per_step is None:
            return 1  # the first call compiles, and tells nothing of the pace
        return max(1, min(left, int(CHUNK_SECONDS / self._seconds_per_step)))

    def _learn_pace(self, seconds: float, count: int) -> None:
        first = self._seconds_per_step is None
        # The first call's time is mostly compiling: the second call measures alone.
        self._seconds_per_step = CHUNK_SECONDS if first else max(seconds / count, 1e-6)

    # -- the compiled functions --------------------------------------------------------------------

    def _call(self, kind: str, *arguments: Any) -> Logs:
        function = self._function(kind)
        state = gathered(self.layout, self.optimizer)
        rate = self.optimizer.learning_rate_argument() if self.training else None
        state, logs = function(state, *arguments, rate)
        write_back(self.layout, state, self.optimizer)
        return logs

    def _function(self, kind: str) -> Any:
        recipe = self.optimizer.recipe() if self.training else None
        key = (kind, self.training, self.layout.key, recipe)
        known = self.compiled.functions
        if key not in known:
            make = steps.train_step if self.training else steps.evaluation_step
            step = make(self.computed, self.compiled, self.layout)
            wrap = steps.many_steps if kind == "many" else steps.one_step
            known[key] = wrap(step, self.compiled, self.layout)
        return known[key]


def on_device(data: ArrayData) -> ArrayData:
    """The data where the computing is done, moved there once."""
    import jax.numpy as jnp

    x, y, weights = (map_leaves(jnp.asarray, part) for part in (data.x, data.y, data.weights))
    return ArrayData(x, y, weights, data.length)


def prepare(model: Any, batch: Batch, computed: Any = None) -> Any:
    """Build the model and choose losses and metrics for this batch's shapes.

    Nothing that exists is changed: what does not fit is refused here. Returns the shapes and types
    of the outputs, remembered for the next batch like this one.
    computed: as for `Runner`.
    """
    key = (id(getattr(model, "_graph", None)), *map(_signature, batch))
    known = model._compiled.outputs_for
    if key not in known:
        known[key] = _prepared(model, batch, model if computed is None else computed)
    return known[key]


def _signature(part: Any) -> tuple[Any, ...]:
    return tuple((tuple(array.shape[1:]), array.dtype.name) for array in leaves(part))


def _prepared(model: Any, batch: Batch, computed: Any) -> Any:
    import jax

    x, y, _ = batch
    if not model.built:
        model.build(map_leaves(lambda a: (None, *a.shape[1:]), x))
    y_pred = steps.abstract_outputs(computed, map_leaves(_spec, x))
    model.built = True
    was_prepared = model._compiled.is_prepared
    model._compiled.prepare(y_pred, map_leaves(_spec, y))
    try:
        jax.eval_shape(_checked_spec(model, y_pred, y), y_pred)
    except BaseException:
        model._compiled.is_prepared = was_prepared  # these shapes chose nothing for later ones
        raise
    return y_pred


def _spec(array: Any) -> Any:
    import jax

    return jax.ShapeDtypeStruct(array.shape, array.dtype)


def _checked_spec(model: Any, y_pred: Any, y: Any) -> Any:
    """A function whose tracing makes each loss look at the shapes it will get."""

    def check(predicted: Any) -> Any:
        from lanthorn.training.compiled import in_order

        outputs = list(leaves(predicted))
        targets = in_order(y, model._compiled.names, outputs, "targets")
        return [
            plan.loss(target, prediction)
            for plan, target, prediction in zip(
                model._compiled.outputs, targets, outputs, strict=True
            )
            if plan.loss is not None and target is not None
        ]

    return check
