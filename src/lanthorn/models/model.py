"""Model: layers that train together. What it can do is said here, how it is done elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lanthorn.axes import Axes
from lanthorn.engine.graph import KerasTensor
from lanthorn.engine.structure import is_symbolic, leaves, map_leaves
from lanthorn.layers.base import Layer
from lanthorn.layers.input import is_text
from lanthorn.words.nearest import did_you_mean


class Model(Layer):
    """Layers between inputs and outputs, or your own class with layers in `__init__` and a `call`.

    Example:
        >>> from lanthorn import Input, layers
        >>> x = Input((3, 2))
        >>> Model(x, layers.Dense(16)(x)).output_shape
        (None, 3, 16)
    """

    builds_once = False
    _graph: Any
    optimizer: Any
    history: Any
    _compiled: Any
    _predictor: Any
    stop_training: bool

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and _is_graph(args, kwargs):
            from lanthorn.models.functional import Functional

            return Functional.__new__(Functional, *args, **kwargs)
        self = super().__new__(cls, *args, **kwargs)
        self._graph = None
        self.optimizer = None
        self.history = None
        self._compiled = None
        self._predictor = None
        self.stop_training = False
        return self

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if _is_graph(args, kwargs):
            from lanthorn.models.functional import connect

            inputs, outputs, options = _graph_arguments(*args, **kwargs)
            super().__init__(**options)
            connect(self, inputs, outputs)
        else:
            super().__init__(*args, **kwargs)

    # -- what it is made of --------------------------------------------------------------------

    @property
    def layers(self) -> list[Any]:
        """The layers, in order; those inside other layers not counted."""
        graph = self._graph
        return graph.layers if graph is not None else self.sublayers()

    def get_layer(self, name: str | None = None, index: int | None = None) -> Any:
        """The layer with this name, or at this place.

        Raises: ValueError, with the nearest name there is.
        """
        if index is not None:
            if not -len(self.layers) <= index < len(self.layers):
                raise ValueError(f"{self.name!r} has {len(self.layers)} layers, none at {index}.")
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = [layer.name for layer in self.layers]
        raise ValueError(
            f"{self.name!r} has no layer {name!r}{did_you_mean(name, names) or '.'} "
            f"Its layers: {names}."
        )

    def call(self, *args: Any, **kwargs: Any) -> Any:
        graph = self._graph
        if graph is None:
            return super().call(*args, **kwargs)
        from lanthorn.models.functional import fitted, run

        return run(graph, fitted(self, args[0] if args else kwargs["inputs"]))

    @property
    def on_host(self) -> bool:  # type: ignore[override]
        """Whether a layer of it works with NumPy, on text for example: it is not compiled then."""
        return any(layer.on_host for layer in self._flatten_layers() if layer is not self)

    def host_parts(self, x: Any) -> Any:
        """The part that works on the host and the part that is compiled, for data like `x`."""
        from lanthorn.models.host import parts

        return parts(self, x)

    def _as_input(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and all(
            isinstance(v, str | bytes) for v in leaves(value)
        ):
            import numpy as np

            value = np.asarray(value)
        arrays = [leaf for leaf in leaves(value) if hasattr(leaf, "dtype")]
        if any(is_text(a) or (a.dtype.name == "int64" and self.on_host) for a in arrays):
            return value  # as it is: the layers that take it know what to do
        return super()._as_input(value)

    @property
    def inputs(self) -> list[KerasTensor] | None:
        graph = self._graph
        return list(leaves(graph.inputs)) if graph is not None else None

    @property
    def outputs(self) -> list[KerasTensor] | None:
        graph = self._graph
        return list(leaves(graph.outputs)) if graph is not None else None

    @property
    def input(self) -> Any:
        graph = self._graph
        return graph.inputs if graph is not None else super().input

    @property
    def output(self) -> Any:
        graph = self._graph
        return graph.outputs if graph is not None else super().output

    @property
    def input_shape(self) -> Any:
        return map_leaves(lambda tensor: tuple(tensor.shape), self.input)

    @property
    def output_shape(self) -> Any:
        return map_leaves(lambda tensor: tuple(tensor.shape), self.output)

    def build(self, input_shape: Any = None) -> None:
        """Make the weights for inputs of this shape, the batch first."""
        if input_shape is None or self._graph is not None:
            return
        from lanthorn.engine.structure import map_shapes
        from lanthorn.layers.symbols import inferred_axes

        self.built = True
        axes = map_shapes(Axes.of, input_shape)
        self._built_axes = (axes,)
        given = axes if isinstance(axes, Axes) else list(axes)
        if type(self).call is not Model.call:
            inferred_axes(self, given)

    # -- training --------------------------------------------------------------------------------

    def compile(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Say how to train: what to minimise (`loss`), how (`optimizer`), what to report.

        Raises: ValueError for unknown names, with the nearest one.
        """
        from lanthorn.training.compiled import Compiled

        self._compiled = Compiled(
            self, optimizer, loss, loss_weights, metrics, weighted_metrics,
            run_eagerly=run_eagerly, steps_per_execution=steps_per_execution,
            jit_compile=jit_compile, auto_scale_loss=auto_scale_loss,
        )  # fmt: skip
        self.optimizer = self._compiled.optimizer

    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool | str = True,
        class_weight: dict[int, float] | None = None,
        sample_weight: Any = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int | Sequence[int] = 1,
    ) -> Any:
        """Train for `epochs` passes over the data. Returns the History of losses and metrics.

        x, y: arrays whose first axis counts the samples, or (x alone) anything that yields batches.
        validation_split: this fraction of the rows, the last ones before any shuffling, is held
            out.
        Raises: ValueError before the first step when the data cannot fit the model; the weights are
            then as before.
        """
        from lanthorn.training import loop

        return loop.fit(
            self, x, y, batch_size=batch_size, epochs=epochs, verbose=verbose, callbacks=callbacks,
            validation_split=validation_split, validation_data=validation_data, shuffle=shuffle,
            class_weight=class_weight, sample_weight=sample_weight, initial_epoch=initial_epoch,
            steps_per_epoch=steps_per_epoch, validation_steps=validation_steps,
            validation_batch_size=validation_batch_size, validation_freq=validation_freq,
        )  # fmt: skip

    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: Any = None,
        steps: int | None = None,
        callbacks: Any = None,
        return_dict: bool = False,
    ) -> Any:
        """The loss and the metrics over the data, without training."""
        from lanthorn.training import loop

        return loop.evaluate(
            self, x, y, batch_size=batch_size, verbose=verbose, sample_weight=sample_weight,
            steps=steps, callbacks=callbacks, return_dict=return_dict,
        )  # fmt: skip

    def predict(
        self,
        x: Any,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        steps: int | None = None,
        callbacks: Any = None,
    ) -> Any:
        """The outputs for the data, as NumPy arrays."""
        from lanthorn.training import loop

        return loop.predict(
            self, x, batch_size=batch_size, verbose=verbose, steps=steps, callbacks=callbacks
        )

    def train_on_batch(
        self,
        x: Any,
        y: Any = None,
        sample_weight: Any = None,
        class_weight: dict[int, float] | None = None,
        return_dict: bool = False,
    ) -> Any:
        """One step on one batch; the loss and metrics of that batch."""
        from lanthorn.training import loop

        return loop.train_on_batch(self, x, y, sample_weight, class_weight, return_dict)

    def test_on_batch(
        self, x: Any, y: Any = None, sample_weight: Any = None, return_dict: bool = False
    ) -> Any:
        """The loss and metrics of one batch, without training."""
        from lanthorn.training import loop

        return loop.test_on_batch(self, x, y, sample_weight, return_dict)

    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for one batch, as NumPy arrays."""
        from lanthorn.training import loop

        return loop.predict_on_batch(self, x)

    @property
    def compiled(self) -> bool:
        """Whether `compile()` was called."""
        return self._compiled is not None

    @property
    def metrics(self) -> list[Any]:
        """The loss's mean and the compiled metrics, as far as they are known."""
        return self._compiled.metrics if self._compiled is not None else []

    @property
    def metrics_names(self) -> list[str]:
        return [metric.name for metric in self.metrics]

    def reset_metrics(self) -> None:
        for metric in self.metrics:
            metric.reset_state()

    # -- looking ---------------------------------------------------------------------------------

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Print the layers, their output shapes and parameter counts."""
        from lanthorn.models.summary import print_summary

        print_summary(
            self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range
        )

    def explain(self, layer: str | None = None, language: str = "en") -> Any:
        """What the model does, layer by layer, with named axes and the arithmetic of parameters.

        language: "en" or "ko".
        """
        from lanthorn.explanation import explain

        return explain(self, layer, language=language)

    def why(self, x: Any, layer: str, *index: int, sample: int = 0, language: str = "en") -> Any:
        """The exact arithmetic of one number of one layer's output for the input `x`.

        index: the element's place, without the batch: `why(x, "D4", 2)`.
        """
        from lanthorn.explanation import why

        return why(self, x, layer, index, sample=sample, language=language)

    # -- keeping -----------------------------------------------------------------------------------

    def save(self, filepath: Any, overwrite: bool = True, **kwargs: Any) -> None:
        """Write the model to a `.keras` file: whole, or the old file stays."""
        from lanthorn.saving import save_model

        save_model(self, filepath, overwrite=overwrite, **kwargs)

    def save_weights(self, filepath: Any, overwrite: bool = True) -> None:
        """Write the weights to a `.weights.h5` file: whole, or the old file stays."""
        from lanthorn.saving import save_weights

        save_weights(self, filepath, overwrite=overwrite)

    def load_weights(self, filepath: Any, skip_mismatch: bool = False, **kwargs: Any) -> None:
        """Read weights from a `.weights.h5` or `.keras` file; on any error none is changed."""
        from lanthorn.saving import load_weights

        load_weights(self, filepath, skip_mismatch=skip_mismatch, **kwargs)

    def get_config(self) -> dict[str, Any]:
        """The settings; of a graph without an `__init__` of its own, the graph."""
        if self._graph is not None and type(self).__init__ is Model.__init__:
            from lanthorn.models.configs import functional_config

            return functional_config(self)
        return super().get_config()

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        if "input_layers" in config and "output_layers" in config:
            from lanthorn.models.rebuild import functional_from_config

            return functional_from_config(config, None if cls is Model else cls)
        return super().from_config(config)

    def get_build_config(self) -> dict[str, Any] | None:
        graph = getattr(self, "_graph", None)
        if graph is None:
            return super().get_build_config()
        is_row = isinstance(graph.inputs, KerasTensor) and hasattr(self, "_row")
        return {"input_shape": tuple(graph.inputs.shape) if is_row else None}

    def get_compile_config(self) -> dict[str, Any]:
        """What compile() was told, in the form that files keep."""
        from lanthorn.models.compile_configs import compile_config

        return compile_config(self)

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Compile as `get_compile_config` told."""
        from lanthorn.models.compile_configs import compile_from_config

        compile_from_config(self, config)

    def to_json(self, **kwargs: Any) -> str:
        """The architecture as text, without weights."""
        import json

        from lanthorn.saving import model_config

        return json.dumps(model_config(self), **kwargs)


def _is_graph(args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    """Whether a model's arguments are symbolic inputs and outputs."""
    if len(args) >= 2 or (len(args) == 1 and "outputs" in kwargs):
        return any(is_symbolic(leaf) for leaf in leaves(args[0]))
    return "inputs" in kwargs and "outputs" in kwargs


def _graph_arguments(inputs: Any, outputs: Any, name: str | None = None, **options: Any) -> Any:
    return inputs, outputs, {"name": name, **options}
