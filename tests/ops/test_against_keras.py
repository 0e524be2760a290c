"""Every operation gives Keras's numbers, types, shapes and argument names."""

import inspect

import numpy as np
import pytest

from lanthorn import ops
from lanthorn.ops.names import IMAGE, LINALG, NN, NUMPY, REST, homes

keras = pytest.importorskip("keras")

draw = np.random.default_rng(0)
A = draw.normal(size=(3, 4)).astype("float32")
B = draw.normal(size=(3, 4)).astype("float32")
C = draw.normal(size=(4, 5)).astype("float32")
V = draw.normal(size=(4,)).astype("float32")
W = draw.normal(size=(4,)).astype("float32")
P = np.abs(A) + 0.1  # positive
U = np.clip(A / 4, -0.9, 0.9)  # within (-1, 1)
I = draw.integers(-4, 5, size=(3, 4)).astype("int32")  # noqa: E741
J = draw.integers(1, 5, size=(3, 4)).astype("int32")
T = A > 0
F = B > 0
Z = np.array([[0.0, -0.0, 2.5, -3.5], [1.5, np.nan, np.inf, -np.inf]], "float32")
SQUARE = draw.normal(size=(2, 3, 3)).astype("float32")
GOOD = SQUARE @ SQUARE.transpose(0, 2, 1) + 3 * np.eye(3, dtype="float32")  # positive definite
X3 = draw.normal(size=(2, 9, 4)).astype("float32")
X4 = draw.normal(size=(2, 7, 6, 4)).astype("float32")
X5 = draw.normal(size=(1, 5, 4, 4, 2)).astype("float32")
PROB = np.exp(A) / np.exp(A).sum(-1, keepdims=True)
ONE_HOT = np.eye(4, dtype="float32")[[0, 2, 1]]
RGB = draw.uniform(size=(2, 6, 5, 3)).astype("float32")
BYTES = draw.integers(0, 256, size=(2, 6, 5, 3)).astype("uint8")
BENT = np.concatenate(
    [np.eye(3)[None, :2] + draw.normal(size=(3, 2, 3)) * [0.2, 0.2, 1.5]], axis=1
).reshape(3, 6)
BENT = np.concatenate([BENT, np.zeros((3, 2))], axis=1).astype("float32")
CORNERS = np.array([[[0, 0], [4, 0], [0, 5], [4, 5]]] * 2, "float32")
MOVED = CORNERS + draw.uniform(-1, 1, CORNERS.shape).astype("float32")
PLACES = draw.uniform(-3, 6, (2, 3, 5)).astype("float32")
Q = draw.normal(size=(2, 3, 2, 4)).astype("float32")
K = draw.normal(size=(2, 5, 2, 4)).astype("float32")

UNARY = """abs absolute angle arcsinh arctan cbrt ceil conj conjugate cos cosh deg2rad exp exp2 expm1
    fabs floor i0 isfinite isinf isnan isneginf isposinf isreal logical_not negative rad2deg
    real imag sign signbit sin sinc sinh square tan tanh trunc erf erfc round nan_to_num ravel fliplr
    flipud transpose squeeze copy sum mean max min prod std var any all amax amin argmax argmin
    argsort sort median ptp cumsum cumprod nansum nanmean nanmax nanmin nanprod nanstd nanvar
    nanmedian nancumsum nancumprod count_nonzero average diff logsumexp zeros_like ones_like
    relu relu6 sigmoid sparse_sigmoid softplus softsign sparse_plus silu swish log_sigmoid
    hard_sigmoid hard_silu hard_swish selu hard_tanh tanh_shrink softmax log_softmax
    leaky_relu elu celu gelu glu squareplus hard_shrink soft_shrink normalize layer_normalization
    rms_normalization norm flip tril triu trace diagonal diag nonzero nanargmax nanargmin""".split()
BINARY = """add arctan2 divide divide_no_nan equal fmax fmin greater greater_equal
    hypot less less_equal logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum
    multiply not_equal subtract true_divide isclose allclose heaviside nextafter inner vdot
    outer kron""".split()

CASES: list[tuple[str, tuple, dict]] = [
    *((name, (A,), {}) for name in UNARY),
    *((name, (A, B), {}) for name in BINARY),
    *((name, (P,), {}) for name in "log log10 log1p log2 sqrt rsqrt reciprocal arccosh".split()
      if name != "arccosh"),
    ("arccosh", (P + 1,), {}),
    *((name, (U,), {}) for name in "arccos arcsin arctanh erfinv".split()),
    *((name, (Z,), {}) for name in """isfinite isinf isnan nan_to_num signbit round sign trunc
       nansum nanmean nanmax relu argmax argmin""".split()),
    *((name, (I,), {}) for name in """abs ceil floor cos exp log1p mean sum var std sqrt round
       max argmax cumsum trunc sign square median average bitwise_invert bitwise_not expm1 tanh
       clip_ sort prod exp2 sigmoid_ norm ptp""".split() if not name.endswith("_")),
    *((name, (T,), {}) for name in """mean sum var exp cos floor any all logical_not cumsum
       prod argmax max_""".split() if not name.endswith("_")),
    *((name, (I.astype("int8"),), {}) for name in "sum mean max prod cumsum square exp".split()),
    *((name, (A.astype("float16"),), {}) for name in
      "sum mean var exp sqrt_ softmax cumsum norm std argmax sin".split() if name[-1] != "_"),
    *((name, (I, J), {}) for name in """add divide divide_no_nan floor_divide mod fmod gcd lcm
       multiply power_ bitwise_and bitwise_or bitwise_xor bitwise_left_shift left_shift maximum
       bitwise_right_shift right_shift true_divide logaddexp arctan2 ldexp_""".split()
      if name[-1] != "_"),
    ("ldexp", (A, I), {}), ("power", (P, B), {}), ("power", (J, J), {}), ("power", (A, 2), {}),
    ("add", (I, 1.5), {}), ("multiply", (2, A), {}), ("maximum", (A, 0.0), {}),
    ("add", ([1, 2], [3.0, 4.0]), {}), ("divide_no_nan", (A, np.zeros_like(A)), {}),
    ("mod", (A, B), {}), ("fmod", (A, B), {}), ("floor_divide", (A, B), {}),
    ("clip", (A, -0.5, 0.5), {}), ("clip", (T, 0, 1), {}), ("round", (A,), {"decimals": 2}),
    ("round", (I * 13,), {"decimals": -1}), ("where", (T, A, B), {}), ("where", (T, 1.0, A), {}),
    ("select", ([T, F], [A, B]), {"default": 7.0}), ("isin", (I, J), {}),
    ("sum", (A,), {"axis": 1, "keepdims": True}), ("mean", (X4,), {"axis": (1, 2)}),
    ("max", (A,), {"axis": 0, "initial": 0.3}), ("var", (X4,), {"axis": [1, 2]}),
    ("argmax", (A,), {"axis": 1, "keepdims": True}), ("cumsum", (A,), {"axis": 1}),
    ("cumsum", (I,), {"axis": 0, "dtype": "float32"}), ("average", (A,), {"weights": P}),
    ("quantile", (A, 0.3), {}), ("quantile", (A, [0.3, 0.5]), {"axis": 1, "method": "nearest"}),
    ("percentile", (A, 30.0), {"axis": 0}), ("nanquantile", (A, 0.3), {}),
    ("nanpercentile", (A, 30.0), {}), ("trapezoid", (A,), {}), ("corrcoef", (A,), {}),
    ("correlate", (V, W), {"mode": "same"}), ("searchsorted", (np.sort(V), W), {}),
    ("digitize", (A, np.sort(V)), {}), ("top_k", (A, 2), {}),
    ("in_top_k", (np.array([0, 3, 1]), A, 2), {}), ("unique", (I,), {}),
    ("unique", (I,), {"return_counts": True, "return_inverse": True}),
    ("bincount", (J,), {}), ("bincount", (J[0],), {"weights": V, "minlength": 7}),
    ("histogram", (V,), {"bins": 3}), ("argpartition", (A, 2), {}),
    ("segment_sum", (A, np.array([0, 1, 0])), {"num_segments": 3}),
    ("segment_max", (A, np.array([0, 1, 0])), {"num_segments": 2}),
    ("segment_min", (A, np.array([0, 1, 0])), {"num_segments": 2}),
    ("segment_prod", (A, np.array([0, 1, 0])), {"num_segments": 2}),
    ("arange", (5,), {}), ("arange", (1, 2, 0.25), {}), ("arange", (5,), {"dtype": "float32"}),
    ("linspace", (0, 1, 5), {}), ("logspace", (0, 1, 5), {}), ("geomspace", (1, 16, 5), {}),
    ("full", ((2, 3), 7), {}), ("full_like", (I, 3), {}), ("eye", (3,), {"M": 4, "k": 1}),
    ("zeros", ((2, 3),), {}), ("ones", (3,), {"dtype": "int32"}), ("identity", (3,), {}),
    ("empty", ((2,),), {}), ("empty_like", (A,), {}), ("array", ([1.5, 2],), {}),
    ("tri", (3,), {"k": -1}), ("bartlett", (5,), {}), ("blackman", (5,), {}),
    ("hamming", (5,), {}), ("hanning", (5,), {}), ("kaiser", (5, 2.0), {}),
    ("meshgrid", (V, W), {"indexing": "ij"}), ("vander", (V,), {"N": 3}),
    ("view", (A,), {"dtype": "int32"}), ("reshape", (A, (2, -1)), {}), ("reshape", (A, -1), {}),
    ("transpose", (X3, (2, 0, 1)), {}), ("expand_dims", (A, 1), {}), ("expand_dims", (A, (0, 3)), {}),
    ("squeeze", (A[None],), {"axis": 0}), ("moveaxis", (X4, 1, -1), {}), ("swapaxes", (X3, 0, 2), {}),
    ("flip", (A,), {"axis": 1}), ("rot90", (A,), {"k": 3}), ("roll", (A, 2), {"axis": 1}),
    ("broadcast_to", (V, (3, 4)), {}), ("pad", (A, ((1, 0), (2, 1))), {}), ("pad", (A, 1), {}),
    ("pad", (A, ((1, 0), (2, 1))), {"constant_values": 4.0}), ("pad", (A, ((1, 1), (2, 2)), "reflect"), {}),
    ("tile", (A, (2, 1)), {}), ("repeat", (A, 3), {"axis": 1}), ("hstack", ([A, B],), {}),
    ("vstack", ([A, B],), {}), ("dstack", ([A, B],), {}), ("concatenate", ([A, B],), {}),
    ("concatenate", ([A, I],), {"axis": -1}), ("stack", ([A, B],), {"axis": 1}), ("append", (A, B), {}),
    ("split", (A, 2), {"axis": 1}), ("split", (A, [1, 2]), {"axis": 1}), ("array_split", (A, 2), {}),
    ("hsplit", (A, 2), {}), ("vsplit", (A, 3), {}), ("dsplit", (X3, 2), {}),
    ("take", (A, [2, 0]), {"axis": 1}), ("take", (A, [9, -1]), {"axis": 1}),
    ("take_along_axis", (A, np.argsort(A)), {"axis": 1}), ("unravel_index", ([3, 5], (2, 3)), {}),
    ("diagflat", (V,), {}), ("diag", (V,), {"k": 1}), ("unstack", (A,), {}), ("unstack", (A,), {"axis": 1}),
    ("matmul", (A, C), {}), ("matmul", (A, V), {}), ("matmul", (I.astype("int8"), I.T.astype("int8")), {}),
    ("einsum", ("ij,jk->ik", A, C), {}), ("tensordot", (A, C, 1), {}), ("dot", (A, C), {}),
    ("cross", (A[:, :3], B[:, :3]), {}), ("norm", (A,), {"ord": 1, "axis": -1, "keepdims": True}),
    ("det", (SQUARE,), {}), ("inv", (SQUARE,), {}), ("pinv", (A,), {}), ("slogdet", (SQUARE,), {}),
    ("logdet", (GOOD,), {}), ("matrix_rank", (A,), {}), ("cholesky", (GOOD,), {}),
    ("cholesky_inverse", (np.linalg.cholesky(GOOD[0]),), {}), ("eigh", (GOOD,), {}),
    ("lu_factor", (SQUARE,), {}), ("qr", (A,), {}), ("solve", (SQUARE, SQUARE), {}),
    ("solve_triangular", (np.linalg.cholesky(GOOD), SQUARE), {"lower": True}),
    ("lstsq", (C, V), {}), ("svd", (A,), {"full_matrices": False}), ("cdist", (A, B), {}),
    ("slice", (A, (1, 0), (2, 3)), {}), ("slice", (A, (1, 1), (-1, -1)), {}),
    ("slice_update", (A, (1, 2), np.ones((2, 1), "float32")), {}),
    ("scatter", (np.array([[0, 1], [2, 0]]), V[:2], (3, 2)), {}),
    *(("scatter_update", (A, np.array([[0, 1], [2, 0]]), V[:2]), {"reduction": r})
      for r in (None, "add", "max", "min", "mul")),
    ("cast", (A, "int32"), {}), ("cast", (I, "bfloat16"), {}), ("saturate_cast", (A * 200, "uint8"), {}),
    ("saturate_cast", (I, "uint8"), {}), ("get_item", (A, (slice(None), 1)), {}),
    ("convert_to_tensor", ([[1, 2]],), {}), ("convert_to_tensor", (A.astype("float64"),), {}),
    ("stop_gradient", (A,), {}), ("convert_to_numpy", (A,), {}),
    *(("softmax", (X4,), {"axis": a}) for a in (1, (1, 2))),
    ("gelu", (A,), {"approximate": False}), ("threshold", (A, 0.2, 9.0), {}),
    ("normalize", (A,), {"axis": 0, "order": 3}), ("psnr", (P, B, 2.0), {}),
    ("layer_normalization", (X4,), {"gamma": V, "beta": W, "epsilon": 1e-3}),
    ("layer_normalization", (X3,), {"axis": [1, 2], "gamma": X3[0], "beta": X3[1]}),
    ("rms_normalization", (X4,), {"scale": V, "axis": (-1,)}),
    ("moments", (X4, (0, 1, 2)), {}), ("moments", (X4.astype("float16"), [1]), {"keepdims": True}),
    ("batch_normalization", (X4, V, P[0], -1), {"offset": W, "scale": V}),
    ("one_hot", (np.array([[0, 2], [5, -1]]), 4), {}), ("one_hot", (np.array([0, 2]), 3), {"axis": 0}),
    ("multi_hot", (np.array([[0, 2], [1, 1]]), 4), {}),
    ("categorical_crossentropy", (ONE_HOT, PROB * 3), {}),
    ("categorical_crossentropy", (ONE_HOT, A), {"from_logits": True}),
    ("categorical_crossentropy", (ONE_HOT, np.eye(4, dtype="float32")[:3]), {}),
    ("sparse_categorical_crossentropy", (np.array([0, 3, 9]), PROB * 3), {}),
    ("sparse_categorical_crossentropy", (np.array([[0], [3], [2]]), A), {"from_logits": True}),
    ("binary_crossentropy", (T.astype("float32"), np.clip(PROB * 3, 0, 1)), {}),
    ("binary_crossentropy", (T.astype("float32"), A), {"from_logits": True}),
    ("dot_product_attention", (Q, K, K), {}), ("dot_product_attention", (Q, Q, Q), {"is_causal": True}),
    ("dot_product_attention", (Q, K, K), {"mask": draw.uniform(size=(2, 1, 3, 5)) > 0.4, "scale": 0.3}),
    ("dot_product_attention", (Q, K, K), {"bias": draw.normal(size=(2, 2, 3, 5)).astype("float32")}),
    *(("depth_to_space", (X4, 2), {"data_format": f}) for f in ("channels_last",)),
    ("depth_to_space", (X4.transpose(0, 3, 1, 2), 2), {"data_format": "channels_first"}),
    ("space_to_depth", (X4[:, :6], 2), {}),
    ("space_to_depth", (X4[:, :6].transpose(0, 3, 1, 2), 2), {"data_format": "channels_first"}),
    *(("adaptive_average_pool", (x, 3), {}) for x in (X3, X4, X5)),
    *(("adaptive_max_pool", (x, 3), {"data_format": "channels_last"}) for x in (X3, X4, X5)),
    ("fft", ((A, B),), {}), ("fft2", ((A, B),), {}), ("ifft2", ((A, B),), {}), ("rfft", (A,), {}),
    ("irfft", ((A, B),), {}), ("extract_sequences", (X3[..., 0], 4, 2), {}),
    ("stft", (draw.normal(size=(2, 64)).astype("float32"), 8, 4, 16), {}),
    ("stft", (draw.normal(size=(64,)).astype("float32"), 8, 4, 8), {"window": "hamming", "center": False}),
    ("associative_scan", (lambda a, b: a + b, A), {}), ("vectorized_map", (lambda x: x * 2, A), {}),
    ("map", (lambda x: x * 2, A), {}), ("scan", (lambda c, x: (c + x, c), V, A), {}),
    ("fori_loop", (0, 3, lambda i, x: x + i, V), {}), ("cond", (True, lambda: A, lambda: B), {}),
    ("switch", (1, [lambda x: x, lambda x: x * 2], A), {}),
    ("while_loop", (lambda i: i < 3, lambda i: i + 1, 0), {}),
    ("while_loop", (lambda i, x: i < 9, lambda i, x: (i + 1, x * 2), (0, V)), {"maximum_iterations": 3}),
]  # fmt: skip

IMAGE_CASES: list[tuple[str, tuple, dict]] = [
    *(("resize", (RGB, (4, 9)), {"interpolation": m, "antialias": a})
      for m in ("nearest", "bilinear", "bicubic", "lanczos3") for a in (False, True)),
    ("resize", (BYTES, (4, 9)), {}), ("resize", (BYTES, (4, 9)), {"interpolation": "bicubic"}),
    ("resize", (BYTES, (4, 9)), {"interpolation": "nearest"}), ("resize", (RGB[0], (3, 3)), {}),
    ("resize", (RGB, (4, 9)), {"crop_to_aspect_ratio": True}),
    ("resize", (RGB, (4, 9)), {"pad_to_aspect_ratio": True, "fill_value": 0.5}),
    ("resize", (RGB, (9, 4)), {"pad_to_aspect_ratio": True}),
    ("resize", (RGB.transpose(0, 3, 1, 2), (4, 9)), {"data_format": "channels_first"}),
    ("rgb_to_grayscale", (RGB,), {}), ("rgb_to_grayscale", (BYTES,), {}), ("rgb_to_hsv", (RGB,), {}),
    ("hsv_to_rgb", (RGB,), {}), ("rgb_to_hsv", (RGB.transpose(0, 3, 1, 2),), {"data_format": "channels_first"}),
    ("crop_images", (RGB, 1, 2), {"bottom_cropping": 1, "target_width": 2}),
    ("crop_images", (RGB,), {"bottom_cropping": 1, "target_width": 2, "target_height": 3, "left_cropping": 0}),
    ("pad_images", (RGB, 1, 2), {"bottom_padding": 1, "target_width": 9}),
    ("pad_images", (RGB,), {"bottom_padding": 0, "target_width": 9, "target_height": 9, "right_padding": 3}),
    ("extract_patches", (RGB, 3), {}), ("extract_patches", (RGB, (2, 3)), {"strides": (1, 2), "padding": "same"}),
    ("extract_patches", (RGB, 2), {"strides": 1, "dilation_rate": 2}),
    ("extract_patches", (RGB[0], 3), {}), ("extract_patches", (X5, (2, 3, 2)), {"padding": "same"}),
    ("extract_patches_3d", (X5, 2), {}), ("extract_patches_3d", (X5[0], (1, 2, 3)), {"strides": 1}),
    ("extract_patches_3d", (X5.transpose(0, 4, 1, 2, 3), 2), {"data_format": "channels_first"}),
    ("rgb_to_grayscale", (X4[..., :1],), {}), ("rgb_to_hsv", (RGB * 1e-7,), {}),
    *(("affine_transform", (RGB, BENT[:2]), {"interpolation": i, "fill_mode": m, "fill_value": 0.5})
      for i in ("nearest", "bilinear") for m in ("constant", "nearest", "wrap", "mirror", "reflect")),
    ("affine_transform", (RGB[0], BENT[0]), {}), ("affine_transform", (BYTES, BENT[1:]), {}),
    ("affine_transform", (RGB.transpose(0, 3, 1, 2), BENT[1:]), {"data_format": "channels_first"}),
    *(("perspective_transform", (RGB, CORNERS, MOVED), {"interpolation": i, "fill_value": 0.3})
      for i in ("nearest", "bilinear")),
    ("perspective_transform", (RGB[0], CORNERS[0], MOVED[0]), {}),
    ("perspective_transform", (RGB.transpose(0, 3, 1, 2), CORNERS, MOVED),
     {"data_format": "channels_first"}),
    *(("map_coordinates", (A, PLACES), {"order": o, "fill_mode": m, "fill_value": 2.0})
      for o in (0, 1) for m in ("constant", "nearest", "wrap", "mirror", "reflect")),
    ("map_coordinates", (I, PLACES, 1), {}), ("map_coordinates", (A[0], PLACES[:1], 1), {}),
    *(("gaussian_blur", (RGB, k, (0.7, 2.0)), {"data_format": "channels_last"})
      for k in ((3, 3), (5, 3), (4, 1), (9, 9))),
    ("gaussian_blur", (RGB[0].transpose(2, 0, 1),), {"data_format": "channels_first"}),
    *(("elastic_transform", (RGB,), {"alpha": 3.0, "sigma": s, "seed": 5, "fill_mode": m})
      for s in (0.5, 1.3) for m in ("constant", "reflect")),
    ("elastic_transform", (RGB[:1].transpose(0, 3, 1, 2), 2.0, 0.6),
     {"data_format": "channels_first", "seed": 7, "interpolation": "nearest"}),
    ("sobel_edges", (RGB,), {}),
    ("sobel_edges", (RGB.transpose(0, 3, 1, 2),), {"data_format": "channels_first"}),
    ("ssim", (RGB, RGB[::-1]), {"filter_size": 3}), ("ssim", (RGB[0], RGB[1]), {"filter_size": 5}),
    ("ssim", (BYTES, BYTES[::-1]), {"filter_size": 3, "max_val": 255.0}),
    ("ssim", (RGB.transpose(0, 3, 1, 2), RGB[::-1].transpose(0, 3, 1, 2)),
     {"data_format": "channels_first", "filter_size": 3, "filter_sigma": 0.8, "k1": 0.1}),
    ("scale_and_translate", (RGB, (2, 9, 4, 3), np.float32([1.3, 0.7]), np.float32([0.4, -1]), (1, 2),
                             "bilinear"), {}),
    ("scale_and_translate", (RGB, (2, 4, 9, 3), np.float32([0.6, 2.0]), np.float32([0.0, 1]), (1, 2),
                             "cubic"), {"antialias": False}),
]  # fmt: skip


def leaves(result):
    if isinstance(result, (tuple, list)):
        return [leaf for part in result for leaf in leaves(part)]
    return [result]


def check_same(ours, theirs):
    ours, theirs = leaves(ours), leaves(theirs)
    assert len(ours) == len(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert np.shape(a) == np.shape(b)
        assert np.asarray(a).dtype == np.asarray(b).dtype
        np.testing.assert_allclose(
            np.asarray(a).astype("float64"), np.asarray(b).astype("float64"), rtol=1e-5, atol=2e-6
        )


def names_of(cases):
    return [f"{i}-{name}" for i, (name, _, _) in enumerate(cases)]


@pytest.mark.parametrize(("name", "args", "kwargs"), CASES, ids=names_of(CASES))
def test_an_operation_gives_the_numbers_and_types_of_keras(name, args, kwargs):
    check_same(getattr(ops, name)(*args, **kwargs), getattr(keras.ops, name)(*args, **kwargs))


@pytest.mark.parametrize(("name", "args", "kwargs"), IMAGE_CASES, ids=names_of(IMAGE_CASES))
def test_an_image_operation_gives_the_numbers_and_types_of_keras(name, args, kwargs):
    ours = getattr(ops.image, name)(*args, **kwargs)
    check_same(ours, getattr(keras.ops.image, name)(*args, **kwargs))


NOT_OURS = {"kwargs"}  # multi_hot(num_tokens=…), layer_normalization(rms_scaling=…): deprecated


@pytest.mark.parametrize("name", sorted(homes(NUMPY, NN, LINALG, REST)))
def test_an_operation_takes_the_arguments_of_keras(name):
    ours = inspect.signature(getattr(ops, name)).parameters
    theirs = inspect.signature(getattr(keras.ops, name)).parameters
    assert [*ours] == [p for p in theirs if p not in NOT_OURS or name == "einsum"]
    for parameter in ours:
        assert ours[parameter].default == theirs[parameter].default, parameter


@pytest.mark.parametrize("name", sorted(homes(IMAGE)))
def test_an_image_operation_takes_the_arguments_of_keras(name):
    ours = inspect.signature(getattr(ops.image, name)).parameters
    theirs = inspect.signature(getattr(keras.ops.image, name)).parameters
    assert {p: ours[p].default for p in ours} == {p: theirs[p].default for p in theirs}


def test_every_operation_is_compared_with_keras():
    compared = {name for name, _, _ in CASES + IMAGE_CASES}
    elsewhere = {  # their own tests, below or in other files of this folder
        "conv", "conv_transpose", "depthwise_conv", "separable_conv", "max_pool", "average_pool",
        "shape", "ndim", "size", "dtype", "is_tensor", "custom_gradient", "jvp", "vectorize", "eig",
        "istft",
        "sparsemax",  # keras 3.15 adds up running totals: its results do not sum to 1
    }  # fmt: skip
    assert set(homes(NUMPY, NN, LINALG, REST, IMAGE)) - compared == elsewhere
