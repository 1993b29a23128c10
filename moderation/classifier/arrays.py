"""Read a joblib file that holds arrays and numbers by name, and refuse one that holds more.

A pickle may name any function to be called while it is read. A digest tells whether a file is the
one its manifest describes, not whether both come from somebody to be trusted.
"""

from io import BytesIO
from pickle import UnpicklingError
from typing import Any

from joblib.numpy_pickle import NumpyUnpickler
from joblib.numpy_pickle_utils import _validate_fileobject_and_memmap

_HARMLESS = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ("numpy", "dtype"),
    ("numpy", "ndarray"),
    ("numpy._core.multiarray", "scalar"),
}


class ForeignContentError(ValueError):
    """The file asks for something other than arrays; nothing of it was run."""


class _ArraysOnly(NumpyUnpickler):  # type: ignore[misc]  # joblib carries no types
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _HARMLESS:
            raise ForeignContentError(f"it asks for {module}.{name}, which no model needs")
        return super().find_class(module, name)


def read_arrays(content: bytes) -> dict[str, Any]:
    """Return the arrays by name; raise ``ValueError`` if that is not what the content is."""
    try:
        with _validate_fileobject_and_memmap(BytesIO(content), "", None) as (file, _):
            arrays = _ArraysOnly("", file, ensure_native_byte_order=True).load()
    except ForeignContentError:
        raise
    except (EOFError, OSError, UnpicklingError, AttributeError, IndexError, KeyError) as error:
        raise ValueError(f"it cannot be read as arrays: {error}") from error
    if not isinstance(arrays, dict):
        raise TypeError("it holds no arrays by name")
    return arrays
