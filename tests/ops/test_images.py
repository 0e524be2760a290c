"""What Keras does not do with images, or does wrong, and what is refused."""

import re

import jax
import numpy as np
import pytest

from lanthorn.ops import image

draw = np.random.default_rng(1)
X = draw.uniform(size=(2, 8, 6, 3)).astype("float32")


def test_one_transform_serves_all_images():
    turn = np.array([1, 0.2, 0.3, -0.1, 0.9, 0, 0, 0], "float32")
    np.testing.assert_array_equal(
        image.affine_transform(X, turn), image.affine_transform(X, np.stack([turn, turn]))
    )


def test_an_affine_transform_moves_what_it_says():
    moved = image.affine_transform(X, [1, 0, 1, 0, 1, 2, 0, 0])  # reads one right and two below
    np.testing.assert_allclose(moved[:, :-2, :-1], X[:, 2:, 1:], atol=1e-6)
    assert np.all(np.asarray(moved[:, -2:]) == 0)


def test_a_perspective_that_moves_nothing_changes_nothing():
    corners = np.array([[0, 0], [5, 0], [0, 7], [5, 7]], "float32")
    np.testing.assert_allclose(image.perspective_transform(X, corners, corners), X, atol=1e-5)


def test_blur_takes_the_channels_last_unless_told():
    np.testing.assert_array_equal(
        image.gaussian_blur(X), image.gaussian_blur(X, data_format="channels_last")
    )


def test_a_blur_leaves_an_even_picture_as_it_is():
    flat = np.full((1, 9, 9, 1), 3.0, "float32")
    inside = np.asarray(image.gaussian_blur(flat, (3, 5), (0.5, 2.0)))[0, 2:-2, 2:-2]
    np.testing.assert_allclose(inside, 3.0, rtol=1e-6)


@pytest.mark.parametrize("sigma", [0.2, 0.6, 1.1])
def test_an_elastic_transform_is_the_same_when_its_width_is_known_only_when_computed(sigma):
    compiled = jax.jit(lambda sigma: image.elastic_transform(X, 2.0, sigma, seed=3))
    fixed = jax.jit(lambda x: image.elastic_transform(x, 2.0, sigma, seed=3))
    eager = image.elastic_transform(X, 2.0, sigma, seed=3)
    np.testing.assert_allclose(compiled(sigma), eager, atol=1e-5)
    np.testing.assert_allclose(fixed(X), eager, atol=1e-5)


def test_equal_images_are_quite_alike():
    np.testing.assert_allclose(image.ssim(X, X, filter_size=3), [1, 1], rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: image.affine_transform(X, np.zeros(6)), "transform must be (8,) or (batch, 8)"),
        (lambda: image.affine_transform(X, np.eye(8)[0], "cubic"), "interpolation must be one of"),
        (lambda: image.affine_transform(X, np.eye(8)[0], fill_mode="zero"), "fill_mode must be"),
        (lambda: image.affine_transform(X[0, 0], np.eye(8)[0]), "An image has three axes"),
        (lambda: image.perspective_transform(X, np.zeros((4, 2)), np.zeros((3, 2))), "(4, 2)"),
        (lambda: image.map_coordinates(X, np.zeros((2, 3)), 1), "one row for each axis"),
        (lambda: image.map_coordinates(X, np.zeros((4, 3)), 2), "order must be one of (0, 1)"),
        (lambda: image.sobel_edges(X[0]), "A batch of images has four axes"),
        (lambda: image.extract_patches(X, (2, 2, 2, 2)), "one whole number, two or three"),
        (lambda: image.extract_patches(X[0, 0], 2), "2 sizes are cut from 3 axes"),
        (lambda: image.rgb_to_grayscale(X[..., :2]), "red, green and blue"),
        (lambda: image.scale_and_translate(X, X.shape, [1.0], [0.0], (1,), "near"), "method must"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()
