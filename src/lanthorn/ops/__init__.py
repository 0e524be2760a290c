"""Computing with tensors: Keras's names, JAX's arithmetic.

A name loads its module, and with it JAX, when it is first used: `from lanthorn import ops` loads
neither. Tensors may be JAX or NumPy arrays, Python numbers, lists, variables, or symbolic tensors,
which add the operation to a graph instead of running it.
"""

from lanthorn.lazy import attach
from lanthorn.ops.names import LINALG, NN, NUMPY, REST, homes

_homes = homes(NUMPY, NN, LINALG, REST)
_modules = {name: f"lanthorn.ops.{name}" for name in ("image", "linalg", "nn", "numpy")}

__getattr__, __dir__ = attach(__name__, _homes | _modules)
__all__ = sorted(_homes | _modules)
