"""The pure steps: one batch in, new state out; and many of them in one compiled call.

`lax.fori_loop` and not `lax.scan`: the number of steps is then an argument, so that one compiled
program serves every chunk, from the first step to a whole epoch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# isort: off
import lanthorn.ops.start  # noqa: F401  JAX begins there

# isort: on
import jax
import jax.numpy as jnp
from jax import lax

from lanthorn.engine.scope import in_scope
from lanthorn.engine.structure import leaves
from lanthorn.training.compiled import Compiled, in_order
from lanthorn.training.state import Layout, TrainState, read_back, scope_for

Batch = tuple[Any, Any, Any]
"""x, y and sample weights, y and weights possibly None."""
Logs = dict[str, Any]


def loss_and_predictions(
    model: Any, compiled: Compiled, layout: Layout, trainable: Any, state: TrainState,
    batch: Batch, training: bool,
) -> tuple[Any, tuple[Any, Any, list[Any], dict[int, Any]]]:  # fmt: skip
    """The loss of a batch, and what else the call left: state, predictions, each output's loss."""
    x, y, weights = batch
    pairs = [(layout.trainable, trainable), (layout.non_trainable, state.non_trainable)]
    with in_scope(scope_for(pairs, training)) as scope:
        y_pred = model(x)
        each = _output_losses(compiled, y, y_pred, weights)
        total = sum(
            (loss if plan.weight is None else loss * plan.weight)
            for plan, loss in zip(compiled.outputs, each, strict=True)
            if loss is not None
        )
        for term in [*scope.losses, *model.weight_losses()]:
            total = total + jnp.sum(term)
        after = read_back(layout.non_trainable, scope)
        masks = {id(p): scope.mask_of(p) for p in leaves(y_pred)}
    return jnp.asarray(total, jnp.float32), (after, y_pred, each, masks)


def _output_losses(compiled: Compiled, y: Any, y_pred: Any, weights: Any) -> list[Any]:
    predicted = list(leaves(y_pred))
    targets = in_order(y, compiled.names, predicted, "targets")
    per_output = _weights_per_output(compiled, weights, predicted)
    return [
        None if plan.loss is None else plan.loss(target, prediction, sample_weight=weight)
        for plan, target, prediction, weight in zip(
            compiled.outputs, targets, predicted, per_output, strict=True
        )
    ]


def _weights_per_output(compiled: Compiled, weights: Any, predicted: list[Any]) -> list[Any]:
    if isinstance(weights, dict | list | tuple):
        return in_order(weights, compiled.names, predicted, "sample weights")
    return [weights] * len(predicted)


def measured(
    compiled: Compiled, layout: Layout, before: Any, batch: Batch, loss: Any, aux: Any
) -> Any:
    """The metrics' state after a batch."""
    _, y_pred, each, masks = aux
    x, y, weights = batch
    count = next(leaves(x)).shape[0]
    with in_scope(scope_for([(layout.metrics, before)], None)) as scope:
        compiled.loss_mean.update_state(loss, sample_weight=jnp.float32(count))
        predicted = list(leaves(y_pred))
        for prediction in predicted:
            if masks.get(id(prediction)) is not None:
                scope.set_mask(prediction, masks[id(prediction)])
        targets = in_order(y, compiled.names, predicted, "targets")
        per_output = _weights_per_output(compiled, weights, predicted)
        for i, plan in enumerate(compiled.outputs):
            if plan.loss_mean is not None and each[i] is not None:
                plan.loss_mean.update_state(each[i], sample_weight=jnp.float32(count))
            if targets[i] is None:
                continue
            for metric in plan.metrics:
                metric.update_state(targets[i], predicted[i])
            for metric in plan.weighted:
                metric.update_state(targets[i], predicted[i], sample_weight=per_output[i])
        return read_back(layout.metrics, scope)


def results(compiled: Compiled, layout: Layout, metrics: Any) -> Logs:
    """Each metric's value for its state."""
    logs: Logs = {}
    with in_scope(scope_for([(layout.metrics, metrics)], None)):
        for metric in compiled.metrics:
            found = metric.result()
            logs |= found if isinstance(found, dict) else {metric.name: found}
    return dict(sorted(logs.items()))


def train_step(model: Any, compiled: Compiled, layout: Layout) -> Callable[..., TrainState]:
    """A pure function: state, batch and learning rate in; new state out."""
    optimizer = compiled.optimizer

    def step(state: TrainState, batch: Batch, learning_rate: Any) -> TrainState:
        def loss_of(trainable: Any) -> Any:
            loss, aux = loss_and_predictions(
                model, compiled, layout, trainable, state, batch, training=True
            )
            return optimizer.scale_loss(loss), (loss, aux)

        gradient = jax.value_and_grad(loss_of, has_aux=True)
        (_, (loss, aux)), gradients = gradient(state.trainable)
        trainable, optimizer_state = optimizer.update(
            gradients, state.optimizer, state.trainable, learning_rate
        )
        metrics = measured(compiled, layout, state.metrics, batch, loss, aux)
        return settled(state, TrainState(trainable, aux[0], optimizer_state, metrics))

    return step


def evaluation_step(model: Any, compiled: Compiled, layout: Layout) -> Callable[..., TrainState]:
    """A pure function: state and batch in; the state with its metrics changed out.

    Besides, only the states of stateful layers move.
    """

    def step(state: TrainState, batch: Batch, learning_rate: Any) -> TrainState:
        loss, aux = loss_and_predictions(
            model, compiled, layout, state.trainable, state, batch, training=False
        )
        metrics = measured(compiled, layout, state.metrics, batch, loss, aux)
        return settled(state, state._replace(non_trainable=aux[0], metrics=metrics))

    return step


def settled(before: TrainState, after: TrainState) -> TrainState:
    """`after` in the very types of `before`, so that a loop can carry it."""
    return jax.tree.map(
        lambda old, new: lax.convert_element_type(new, jnp.result_type(old)), before, after
    )


def many_steps(step: Callable[..., TrainState], compiled: Compiled, layout: Layout) -> Any:
    """`step` over batches start … start + count - 1 of data on the device, in one compiled call.

    rows: for each batch, the rows of the data it is made of.
    """

    def run(
        state: TrainState, data: Batch, rows: Any, start: Any, count: Any, learning_rate: Any
    ) -> tuple[TrainState, Logs]:
        def body(i: Any, state: TrainState) -> TrainState:
            chosen = rows[start + i]
            return step(state, jax.tree.map(lambda a: a[chosen], data), learning_rate)

        state = jax.tree.map(lambda a: lax.convert_element_type(a, jnp.result_type(a)), state)
        state = lax.fori_loop(0, count, body, state)
        return state, results(compiled, layout, state.metrics)

    return jax.jit(run)


def one_step(step: Callable[..., TrainState], compiled: Compiled, layout: Layout) -> Any:
    """`step` on one batch that comes from outside."""

    def run(state: TrainState, batch: Batch, learning_rate: Any) -> tuple[TrainState, Logs]:
        state = step(state, batch, learning_rate)
        return state, results(compiled, layout, state.metrics)

    return jax.jit(run)


def prediction(model: Any, layout: Layout) -> Any:
    """The model's outputs for a batch outside training, and what moved: kept states."""

    def run(trainable: Any, non_trainable: Any, x: Any) -> Any:
        pairs = [(layout.trainable, trainable), (layout.non_trainable, non_trainable)]
        with in_scope(scope_for(pairs, training=False)) as scope:
            outputs = model(x)
            after = read_back(layout.non_trainable, scope)
        moved = {path: new for path, new in after.items() if new is not non_trainable[path]}
        return outputs, moved

    return jax.jit(run)


def abstract_outputs(model: Any, x: Any) -> Any:
    """Shapes and types of the model's outputs for a batch, computing nothing."""
    return jax.eval_shape(_plainly(model), x)


def _plainly(model: Any) -> Any:
    def call(x: Any) -> Any:
        with in_scope(scope_for([], training=False)):
            return model(x)

    return call
