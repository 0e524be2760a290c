"""One seed, one result, whether JAX was loaded before or after it was set."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import numpy as np
import lanthorn
from lanthorn import layers

def losses():
    lanthorn.utils.set_random_seed(20)
    lanthorn.utils.clear_session()
    x = np.random.normal(size=(40, 3))
    first = layers.Dense(4, input_shape=(3,))
    model = lanthorn.Sequential([first, layers.Dropout(0.2), layers.Dense(1)])
    model.compile("adam", "mse")
    return model.fit(x, x[:, :1], batch_size=8, epochs=2, verbose=0).history["loss"]

first, again = losses(), losses()
assert first == again, (first, again)
"""


def test_a_seed_set_before_jax_is_loaded_means_the_same_as_one_set_after():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
