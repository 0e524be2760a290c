"""summary(): the table of layers, output shapes and parameter counts, in Keras's look."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from lanthorn.engine.graph import KerasTensor
from lanthorn.engine.structure import leaves
from lanthorn.words.columns import padded, printable, wrapped

COLUMNS = (("Layer (type)", "left"), ("Output Shape", "left"), ("Param #", "right"))
CONNECTED = ("Connected to", "left")
TRAINABLE = ("Trainable", "center")


class Look(NamedTuple):
    """Widest line and where columns end, as fractions of it."""

    width: int
    positions: Sequence[float]


IN_A_ROW = Look(88, (0.45, 0.80, 1.0))
IN_A_GRAPH = Look(108, (0.3, 0.56, 0.74, 1.0))
"""Source: keras 3.15 `utils/summary_utils.py`."""


def print_summary(
    model: Any,
    line_length: int | None,
    positions: Sequence[float] | None,
    print_fn: Callable[[str], Any] | None,
    expand_nested: bool,
    show_trainable: bool,
    layer_range: Sequence[str] | None,
) -> None:
    """See `Model.summary`. `print_fn` is called once, with the whole text."""
    is_row = _is_row(model)
    look = IN_A_ROW if is_row else IN_A_GRAPH
    header = [*COLUMNS] if is_row else [*COLUMNS, CONNECTED]
    ends = list(positions or look.positions)
    width = look.width
    if show_trainable:
        header.append(TRAINABLE)
        width += 12
        ends = [end * 0.9 for end in ends] + [1.0]
    length = line_length or min(width, shutil.get_terminal_size().columns - 4)
    operations = model.layers if is_row else model._graph.operations
    rows = [
        row
        for operation in _in_range(operations, layer_range)
        for row in _rows(model, operation, is_row, show_trainable, expand_nested)
    ]
    text = "\n".join(
        [
            f'Model: "{printable(model.name)}"',
            *table(header, rows, column_widths(ends, length)),
            *_footer(model),
        ]
    )
    if print_fn is None:
        print(text)
    else:
        print_fn(text + "\n")


def _is_row(model: Any) -> bool:
    """Whether the model is layers in a row, so that connections need not be told."""
    graph = getattr(model, "_graph", None)
    if graph is None or not hasattr(model, "_graph") or type(model).__name__ == "Sequential":
        return True
    called = [id(node.operation) for node in graph.nodes]
    return (
        all(len(node.inputs) <= 1 for node in graph.nodes)
        and len(set(called)) == len(called)
        and len(list(leaves(graph.outputs))) == 1
        and len(list(leaves(graph.inputs))) == 1
        and _each_feeds_one(graph)
    )


def _each_feeds_one(graph: Any) -> bool:
    read = [id(tensor) for node in graph.nodes for tensor in node.inputs]
    return len(set(read)) == len(read)


def _in_range(operations: Sequence[Any], layer_range: Sequence[str] | None) -> Sequence[Any]:
    if layer_range is None:
        return operations
    first, last = layer_range
    names = [operation.name for operation in operations]
    begins = [i for i, name in enumerate(names) if re.match(first, name)]
    ends = [i for i, name in enumerate(names) if re.match(last, name)]
    if not begins or not ends:
        raise ValueError(f"No layers from {first!r} to {last!r}; there are {names}.")
    low, high = min(begins), max(ends)
    return operations[min(low, high) : max(low, high) + 1]


def _rows(
    model: Any, operation: Any, is_row: bool, show_trainable: bool, expand: bool, level: int = 0
) -> list[list[str]]:
    prefix = "   " * level + "└ " if level else ""
    kind = getattr(operation, "op_name", None)
    kind = (
        type(operation).__name__
        if kind is None
        else "".join(part.capitalize() for part in kind.split("_"))
    )
    row = [
        f"{prefix}{printable(operation.name)} ({kind})",
        _shape_text(operation),
        _count_text(operation),
    ]
    if not is_row:
        row.append(_connections(model, operation))
    if show_trainable:
        has_weights = bool(getattr(operation, "weights", ()))
        row.append(("Y" if operation.trainable else "N") if has_weights else "-")
    rows = [row]
    if expand:
        for inner in getattr(operation, "layers", ()):
            rows += _rows(model, inner, is_row, show_trainable, expand, level + 1)
    return rows


def _shape_text(operation: Any) -> str:
    """The shape of the layer's last call in a graph, or `?` when it was never called."""
    if operation.inbound_nodes:
        shapes = [tuple(tensor.shape) for tensor in operation.inbound_nodes[-1].outputs]
    elif getattr(operation, "_built_axes", None):
        try:
            found = operation.compute_output_shape(*operation._built_axes)
        except Exception:  # a layer of the user's own that cannot be traced has no shape to tell
            return "?"
        shapes = found if isinstance(found, list) else [tuple(found)]
    else:
        return "?"
    texts = [f"({', '.join(map(str, shape))})" for shape in shapes]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def _count_text(operation: Any) -> str:
    if not hasattr(operation, "count_params"):
        return "0"
    return f"{operation.count_params():,}" if operation.built else "0 (unbuilt)"


def _connections(model: Any, operation: Any) -> str:
    mine = {id(node) for node in model._graph.nodes}
    sources = [
        f"{printable(source.operation.name)}[{source.node_index}][{source.tensor_index}]"
        for node in operation.inbound_nodes
        if id(node) in mine
        for tensor in node.inputs
        if isinstance(tensor, KerasTensor) and (source := tensor.history) is not None
    ]
    return ", ".join(sources) or "-"


def column_widths(ends: Sequence[float], length: int) -> list[int]:
    """The inner width of each column, the two spaces of padding included.

    The columns are first cut from the whole line and then give up, evenly, the room that padding
    and rules take.
    """
    widths, at = [], 0
    for end in ends:
        width = int(end * length) - at
        if width < 4:
            raise ValueError(f"{length} characters are too few for the summary's columns.")
        widths.append(width + 2)
        at += width
    excess = sum(widths) - (length - len(widths) - 1)
    for index, width in enumerate(widths):
        given_up = round(excess / (len(widths) - index))
        widths[index] = width - given_up
        excess -= given_up
    return widths


def table(
    header: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> list[str]:
    """The lines of a boxed table."""
    sides = [side for _, side in header]

    def rule(left: str, line: str, cross: str, right: str) -> str:
        return left + cross.join(line * width for width in widths) + right

    def filled(cells: Sequence[str], bar: str) -> list[str]:
        columns = [wrapped(cell, width - 2) for cell, width in zip(cells, widths, strict=True)]
        height = max(map(len, columns))
        lines = []
        for i in range(height):
            parts = [
                f" {padded(column[i] if i < len(column) else '', width - 2, side)} "
                for column, width, side in zip(columns, widths, sides, strict=True)
            ]
            lines.append(bar + bar.join(parts) + bar)
        return lines

    lines = [rule("┏", "━", "┳", "┓"), *filled([name for name, _ in header], "┃")]
    lines.append(rule("┡", "━", "╇", "┩"))
    for index, row in enumerate(rows):
        if index:
            lines.append(rule("├", "─", "┼", "┤"))
        lines += filled(row, "│")
    return [*lines, rule("└", "─", "┴", "┘")]


def _footer(model: Any) -> list[str]:
    trained = [(v.size, v.nbytes) for v in model.trainable_weights]
    others = [(v.size, v.nbytes) for v in model.non_trainable_weights]
    optimizer = model.optimizer
    kept = (
        [(v.size, v.nbytes) for v in optimizer.variables]
        if optimizer is not None and optimizer.built
        else []
    )
    told = [
        ("Total params", [*trained, *others]),
        ("Trainable params", trained),
        ("Non-trainable params", others),
    ]
    if kept:
        told.append(("Optimizer params", kept))
    return [_count_line(name, sizes) for name, sizes in told]


def _count_line(name: str, sizes: Sequence[tuple[int, int]]) -> str:
    count, memory = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0)
    return f" {name}: {count:,} ({memory_text(memory)})"


def memory_text(count: int) -> str:
    """Bytes as people read them: `196.00 B`, `136.04 KB`.

    Example:
        >>> memory_text(139304)
        '136.04 KB'
    """
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1024 or unit == "TB":
            return f"{amount:.2f} {unit}"
        amount /= 1024
    raise AssertionError
