"""Every operation's name and the module that makes it, by hand: nothing is loaded to know them."""

from collections.abc import Mapping

Names = Mapping[str, str]

NUMPY: Names = {
    "elementwise": """
        abs absolute add angle arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and
        bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor
        cbrt ceil clip conj conjugate cos cosh deg2rad divide divide_no_nan dot equal exp exp2
        expm1 fabs floor floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot i0
        imag inner isclose isfinite isin isinf isnan isneginf isposinf isreal kron lcm ldexp
        left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and
        logical_not logical_or logical_xor maximum minimum mod multiply nan_to_num negative
        nextafter not_equal outer power rad2deg real reciprocal right_shift round select sign
        signbit sin sinc sinh sqrt square subtract tan tanh true_divide trunc vdot where
    """,
    "reductions": """
        all allclose amax amin any argmax argmin argpartition argsort average bincount corrcoef
        correlate count_nonzero cumprod cumsum diff digitize histogram max mean median min
        nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile
        nanprod nanquantile nanstd nansum nanvar nonzero percentile prod ptp quantile searchsorted
        size sort std sum trace trapezoid unique var
    """,
    "arrays": """
        append arange array array_split bartlett blackman broadcast_to concatenate copy diag
        diagflat diagonal dsplit dstack empty empty_like expand_dims eye flip fliplr flipud full
        full_like geomspace hamming hanning hsplit hstack identity kaiser linspace logspace
        meshgrid moveaxis ones ones_like pad ravel repeat reshape roll rot90 split squeeze stack
        swapaxes take take_along_axis tile transpose tri tril triu unravel_index vander vectorize
        view vsplit vstack zeros zeros_like
    """,
    "core": "get_item ndim",
    "products": "cross einsum matmul slogdet tensordot",
}

NN: Names = {
    "curves": """
        celu elu gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu
        log_sigmoid log_softmax relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign
        sparse_plus sparse_sigmoid sparsemax squareplus swish tanh_shrink threshold
    """,
    "crossentropy": """
        binary_crossentropy categorical_crossentropy multi_hot one_hot
        sparse_categorical_crossentropy
    """,
    "normalizing": """
        batch_normalization layer_normalization moments normalize psnr rms_normalization
    """,
    "windows": """
        adaptive_average_pool adaptive_max_pool average_pool conv conv_transpose depth_to_space
        depthwise_conv max_pool separable_conv space_to_depth
    """,
    "attention": "dot_product_attention",
}

LINALG: Names = {
    "products": """
        cholesky cholesky_inverse det eig eigh inv jvp lstsq lu_factor matrix_rank norm pinv qr
        solve solve_triangular svd
    """,
}

IMAGE: Names = {
    "images": """
        crop_images extract_patches extract_patches_3d hsv_to_rgb pad_images resize
        rgb_to_grayscale rgb_to_hsv scale_and_translate
    """,
    "filters": "gaussian_blur sobel_edges ssim",
    "warps": "affine_transform elastic_transform map_coordinates perspective_transform",
}

REST: Names = {
    "core": """
        associative_scan cast cond convert_to_numpy convert_to_tensor custom_gradient dtype
        fori_loop is_tensor map saturate_cast scan scatter scatter_update shape slice slice_update
        stop_gradient switch unstack vectorized_map while_loop
    """,
    "elementwise": "erf erfc erfinv rsqrt",
    "reductions": "in_top_k logsumexp segment_max segment_min segment_prod segment_sum top_k",
    "products": "cdist logdet",
    "fourier": "extract_sequences fft fft2 ifft2 irfft istft rfft stft",
}


def homes(*tables: Names) -> dict[str, str]:
    """Each name → `"module:name"`, as `lanthorn.lazy.attach` wants it."""
    return {
        name: f"lanthorn.ops.{module}:{name}"
        for table in tables
        for module, names in table.items()
        for name in names.split()
    }
