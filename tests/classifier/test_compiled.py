"""What was compiled is kept and read again; whatever is wrong with it, the loop works."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from numba import config

from moderation.classifier.compiled import compiled

Compile = Callable[[], Any]


@pytest.fixture
def compile_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compile:
    """Compile one loop as a process that just started would, with the kept code in ``kept``."""
    source = tmp_path / "summing.py"
    source.write_text("def add(one, other):\n    return one + other\n", encoding="utf-8")
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "kept"))

    return lambda: compiled("int64(int64, int64)")(runpy.run_path(str(source))["add"])


def _was_kept(loop: Any) -> bool:
    return bool(loop.stats.cache_hits)


def test_what_was_compiled_is_read_again(compile_anew: Compile) -> None:
    first, second = compile_anew(), compile_anew()

    assert (first(1, 2), second(1, 2)) == (3, 3)
    assert not _was_kept(first)
    assert _was_kept(second)


@pytest.mark.parametrize("kind", ["*.nbi", "*.nbc"])
def test_a_kept_file_that_is_cut_short_is_replaced(
    compile_anew: Compile, tmp_path: Path, kind: str
) -> None:
    compile_anew()
    (file,) = (tmp_path / "kept").rglob(kind)
    file.write_bytes(file.read_bytes()[:20])

    assert compile_anew()(1, 2) == 3
    compile_anew()
    assert _was_kept(compile_anew())


def test_a_folder_that_cannot_be_written_stops_nothing(
    compile_anew: Compile, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text("no folder", encoding="utf-8")

    assert compile_anew()(1, 2) == 3


def test_a_loop_is_called_with_what_it_was_compiled_for(compile_anew: Compile) -> None:
    with pytest.raises(TypeError):
        compile_anew()("one", "other")
