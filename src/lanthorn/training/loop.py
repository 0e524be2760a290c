"""fit, evaluate, predict and their one-batch forms: the order of events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lanthorn.engine import defaults
from lanthorn.engine.errors import DataError, NotCompiledError
from lanthorn.engine.structure import leaves, map_leaves
from lanthorn.training import checks, runner, steps
from lanthorn.training.callbacks import CallbackList
from lanthorn.training.data import ArrayData, Stream, as_data, split, unpack
from lanthorn.training.runner import Runner
from lanthorn.training.state import layout_of, values_of

BATCH_SIZE = 32


def fit(
    model: Any, x: Any, y: Any, *, batch_size: int | None, epochs: int, verbose: Any,
    callbacks: Any, validation_split: float, validation_data: Any, shuffle: Any,
    class_weight: Any, sample_weight: Any, initial_epoch: int, steps_per_epoch: int | None,
    validation_steps: int | None, validation_batch_size: int | None, validation_freq: Any,
) -> Any:  # fmt: skip
    """See `Model.fit`."""
    _compiled(model, "fit")
    size = _batch_size(batch_size)
    on_host = model.on_host
    data = as_data(x, y, sample_weight, class_weight, on_host=on_host)
    held_out = None
    if validation_data is not None:
        held_out = as_data(*unpack(validation_data), who="validation_data", on_host=on_host)
    elif validation_split:
        if isinstance(data, Stream):
            raise DataError("validation_split needs arrays; give validation_data instead.")
        data, held_out = split(data, validation_split)
    is_first = not model._compiled.is_prepared
    data, computed = _after_host(model, data)
    _prepare(model, data, computed)
    if held_out is not None:
        held_out, _ = _after_host(model, held_out)
        _prepare(model, held_out, computed)
    training = Runner(model, training=True, computed=computed)
    per_epoch = _steps(data, size, steps_per_epoch)
    listeners = _listeners(
        callbacks, model, verbose, history=True, epochs=epochs, steps=per_epoch,
    )  # fmt: skip
    source = runner.on_device(data) if isinstance(data, ArrayData) else data
    held = runner.on_device(held_out) if isinstance(held_out, ArrayData) else held_out
    model.stop_training = False
    model.will_validate = held_out is not None
    listeners.on_train_begin()
    logs: dict[str, Any] = {}
    feed = _Feed(source, size, shuffle, steps_per_epoch)
    if is_first and isinstance(source, ArrayData):
        feed.order()  # Keras draws one order to look at the first batch; so the next ones agree
    for epoch in range(initial_epoch, epochs):
        training.reset_metrics()
        listeners.on_epoch_begin(epoch)
        logs = _train_epoch(training, feed, listeners)
        if held is not None and _validates(epoch, validation_freq):
            found = _evaluated(
                model, held, validation_batch_size or size, validation_steps, listeners, computed
            )
            logs |= {f"val_{name}": value for name, value in found.items()}
        listeners.on_epoch_end(epoch, logs)
        if model.stop_training:
            break
    model.optimizer.finalize_variable_values(list(training.layout.trainable.values()))
    listeners.on_train_end(logs)
    return model.history


class _Feed:
    """Where an epoch's batches come from."""

    def __init__(self, source: Any, size: int, shuffle: Any, limit: int | None) -> None:
        self.source = source
        self.size = size
        self.shuffle = shuffle
        self.limit = limit
        self._iterator: Any = None

    def order(self) -> Any:
        """The rows of an epoch, in the order they are to be used."""
        import numpy as np

        count = self.source.length
        if self.shuffle is True:
            return np.random.permutation(count)  # NumPy's global generator, as in Keras
        order = np.arange(count)
        if self.shuffle == "batch":
            for start in range(0, count, self.size):
                np.random.shuffle(order[start : start + self.size])
        return order

    def batches(self) -> Any:
        """A stream's next epoch: all of it, or `limit` batches going on where the last stopped."""
        if self.limit is None:
            yield from self.source
            return
        for count in range(self.limit):
            if self._iterator is None:
                self._iterator = iter(self.source)
            batch = next(self._iterator, None)
            if batch is None:
                self._iterator = iter(self.source)
                batch = next(self._iterator, None)
            if batch is None:
                _warn_of_short_data(count, self.limit)
                return
            yield batch


def _warn_of_short_data(count: int, limit: int) -> None:
    import warnings

    from lanthorn.engine.errors import DataWarning

    warnings.warn(
        f"The data ended after {count} of the {limit} batches of this epoch, and cannot begin "
        "again. A generator must go on for steps_per_epoch × epochs batches.",
        DataWarning,
        stacklevel=5,
    )


def _train_epoch(training: Runner, feed: _Feed, listeners: Any) -> dict[str, Any]:
    logs: dict[str, Any] = {}
    if isinstance(feed.source, ArrayData):
        order = feed.order()
        if feed.limit is not None:
            order = order[: feed.limit * feed.size]
        at_once = not listeners.needs_batches
        done = 0
        listeners.on_train_batch_begin(0)
        for done_now, found in training.epoch(feed.source, order, feed.size, at_once):
            logs = _numbers(found)
            listeners.on_train_batch_end(done_now - 1, logs)
            done = done_now
            if done * feed.size < len(order):
                listeners.on_train_batch_begin(done)
            if training.model.stop_training:
                break
        return logs
    for step, batch in enumerate(feed.batches()):
        listeners.on_train_batch_begin(step)
        logs = _numbers(training.batch(batch))
        listeners.on_train_batch_end(step, logs)
        if training.model.stop_training:
            break
    return logs


def _evaluated(
    model: Any, data: Any, size: int, limit: int | None, listeners: Any, computed: Any
) -> dict[str, Any]:
    import numpy as np

    testing = Runner(model, training=False, computed=computed)
    testing.reset_metrics()
    listeners.on_test_begin()
    logs: dict[str, Any] = {}
    if isinstance(data, ArrayData):
        order = np.arange(data.length)[: None if limit is None else limit * size]
        begun = 0
        listeners.on_test_batch_begin(0)
        for done, found in testing.epoch(data, order, size, not listeners.needs_test_batches):
            logs = _numbers(found)
            listeners.on_test_batch_end(done - 1, logs)
            begun = done
            if begun * size < len(order):
                listeners.on_test_batch_begin(begun)
    else:
        for step, batch in enumerate(_Feed(data, size, False, limit).batches()):
            listeners.on_test_batch_begin(step)
            logs = _numbers(testing.batch(batch))
            listeners.on_test_batch_end(step, logs)
    listeners.on_test_end(logs)
    return logs


def evaluate(
    model: Any, x: Any, y: Any, *, batch_size: int | None, verbose: Any, sample_weight: Any,
    steps: int | None, callbacks: Any, return_dict: bool,
) -> Any:  # fmt: skip
    """See `Model.evaluate`."""
    _compiled(model, "evaluate")
    size = _batch_size(batch_size)
    data = as_data(x, y, sample_weight, who="evaluate", on_host=model.on_host)
    data, computed = _after_host(model, data)
    _prepare(model, data, computed)
    listeners = _listeners(
        callbacks, model, verbose, history=False, epochs=1, steps=_steps(data, size, steps)
    )
    source = runner.on_device(data) if isinstance(data, ArrayData) else data
    logs = _evaluated(model, source, size, steps, listeners, computed)
    return logs if return_dict else _listed(model, logs)


def predict(
    model: Any, x: Any, *, batch_size: int | None, verbose: Any, steps: int | None, callbacks: Any
) -> Any:
    """See `Model.predict`."""
    import numpy as np

    size = _batch_size(batch_size)
    data = as_data(x, who="predict", on_host=model.on_host)
    listeners = _listeners(
        callbacks, model, verbose, history=False, epochs=1, steps=_steps(data, size, steps)
    )
    function = _prediction(model, data)
    batches = data.batches(size) if isinstance(data, ArrayData) else iter(data)
    listeners.on_predict_begin()
    parts = []
    for step, (batch, *_) in enumerate(batches):
        if steps is not None and step == steps:
            break
        listeners.on_predict_batch_begin(step)
        outputs = map_leaves(np.asarray, function(batch))
        parts.append(outputs)
        listeners.on_predict_batch_end(step, {"outputs": outputs})
    listeners.on_predict_end()
    if not parts:
        raise DataError("The data gave no batch to predict.")
    columns = zip(*map(leaves, parts), strict=True)
    joined = iter([np.concatenate(column) for column in columns])
    return map_leaves(lambda _: next(joined), _in_leaf_order(parts[0]))


def _in_leaf_order(structure: Any) -> Any:
    """Dicts with their keys in the order in which `leaves` walks them."""
    if isinstance(structure, dict):
        return {key: _in_leaf_order(structure[key]) for key in sorted(structure)}
    if isinstance(structure, list | tuple):
        return type(structure)(_in_leaf_order(item) for item in structure)
    return structure


def _prediction(model: Any, data: Any) -> Any:
    """The compiled forward pass, kept until the model's variables change.

    A model with layers that work on the host, on text for example, runs layer by layer.
    """
    if model.on_host:
        return lambda x: model(x, training=False)
    if not model.built:
        x = data.x if isinstance(data, ArrayData) else data.peek()[0]
        model.build(map_leaves(lambda a: (None, *a.shape[1:]), x))
        first = map_leaves(lambda a: a[:1], x)
        steps.abstract_outputs(model, map_leaves(runner._spec, first))
        model.built = True
    layout = layout_of(model)
    if model._predictor is None or model._predictor[0] != layout.key:
        model._predictor = (layout.key, steps.prediction(model, layout))
    function = model._predictor[1]

    def predicted(x: Any) -> Any:
        values = values_of(layout.trainable), values_of(layout.non_trainable)
        outputs, moved = function(*values, x)
        for path, value in moved.items():
            layout.non_trainable[path].store(value)
        return outputs

    return predicted


def predict_on_batch(model: Any, x: Any) -> Any:
    """See `Model.predict_on_batch`."""
    import numpy as np

    data = as_data(x, who="predict_on_batch", on_host=model.on_host)
    assert isinstance(data, ArrayData)
    return map_leaves(np.asarray, _prediction(model, data)(data.x))


def train_on_batch(
    model: Any, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool
) -> Any:
    """See `Model.train_on_batch`."""
    return _on_batch(model, x, y, sample_weight, class_weight, return_dict, training=True)


def test_on_batch(model: Any, x: Any, y: Any, sample_weight: Any, return_dict: bool) -> Any:
    """See `Model.test_on_batch`."""
    return _on_batch(model, x, y, sample_weight, None, return_dict, training=False)


def _on_batch(
    model: Any, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool,
    training: bool,
) -> Any:  # fmt: skip
    who = "train_on_batch" if training else "test_on_batch"
    _compiled(model, who)
    data = as_data(x, y, sample_weight, class_weight, who=who, on_host=model.on_host)
    data, computed = _after_host(model, data)
    _prepare(model, data, computed)
    assert isinstance(data, ArrayData)
    one = Runner(model, training=training, computed=computed)
    one.reset_metrics()
    logs = _numbers(one.batch((data.x, data.y, data.weights)))
    return logs if return_dict else _listed(model, logs)


# -- shared ---------------------------------------------------------------------------------------


def _compiled(model: Any, who: str) -> None:
    if model._compiled is None:
        raise NotCompiledError(
            f"{model.name!r} does not know yet what to minimise: call compile(optimizer, loss) "
            f"before {who}().\n  You must call `compile()` before using the model."
        )


def _batch_size(given: int | None) -> int:
    if given is None:
        return BATCH_SIZE
    if not hasattr(given, "__index__") or isinstance(given, bool) or given < 1:
        raise DataError(f"batch_size is a whole number of 1 or more, not {given!r}.")
    return int(given)


def _after_host(model: Any, data: ArrayData | Stream) -> tuple[ArrayData | Stream, Any]:
    """What the layers on the host make of the data, and the part of the model that is compiled.

    Arrays are turned into numbers once, before the first step; a stream's batches as they come.
    """
    if not model.on_host:
        return data, model
    host = model.host_parts(data.x if isinstance(data, ArrayData) else data.peek()[0])
    if isinstance(data, ArrayData):
        return data._replace(x=host.before(data.x)), host.after
    data.prepared = host.before
    return data, host.after


def _prepare(model: Any, data: ArrayData | Stream, computed: Any) -> None:
    """Refuse what does not fit, before anything is touched."""
    if isinstance(data, ArrayData):
        y_pred = runner.prepare(model, (data.x, data.y, data.weights), computed)
        checks.targets_match(model._compiled, data.y, y_pred)
    else:
        batch = data.peek()
        checks.targets_match(model._compiled, batch[1], runner.prepare(model, batch, computed))


def _steps(data: Any, size: int, limit: int | None) -> int | None:
    if limit is not None:
        return limit
    if isinstance(data, ArrayData):
        return -(-data.length // size)
    return data.length


def _listeners(callbacks: Any, model: Any, verbose: Any, *, history: bool, epochs: int,
               steps: int | None) -> Any:  # fmt: skip
    if isinstance(callbacks, CallbackList):
        return callbacks
    given = list(callbacks) if isinstance(callbacks, Sequence) else [callbacks] if callbacks else []
    if verbose == "auto":
        verbose = 1 if defaults.interactive_logging() else 2
    verbose = int(verbose)
    return CallbackList(
        given, add_history=history, add_progbar=verbose != 0, model=model, verbose=verbose,
        epochs=epochs, steps=steps,
    )  # fmt: skip


def _validates(epoch: int, frequency: Any) -> bool:
    if isinstance(frequency, int):
        return (epoch + 1) % frequency == 0
    return epoch + 1 in frequency


def _numbers(logs: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in logs.items()}


def _listed(model: Any, logs: dict[str, float]) -> Any:
    """The loss alone, or a list: the loss, each output's loss, then the metrics."""
    values = [logs[metric.name] for metric in model._compiled.metrics if metric.name in logs]
    return values[0] if len(values) == 1 else values
