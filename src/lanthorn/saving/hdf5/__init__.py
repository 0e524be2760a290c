"""Reading HDF5 files, the part of the format that Keras and h5py write, in plain Python.

HDF5's own library can loop for ever or crash on damaged bytes; here every offset is checked and
every loop ends. Writing is h5py's.
Source: HDF5 File Format Specification 3.0, https://docs.hdfgroup.org/hdf5/v1_14/_f_m_t3.html
"""

from lanthorn.lazy import attach

__getattr__, __dir__ = attach(
    __name__,
    {
        "Dataset": "lanthorn.saving.hdf5.dataset:Dataset",
        "read_datasets": "lanthorn.saving.hdf5.tree:read_datasets",
    },
)
__all__ = ["Dataset", "read_datasets"]
