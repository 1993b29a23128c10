import threading

from moderation.telemetry.gate import Gate


def hold(gate: Gate, go_on: threading.Event, entered: threading.Event) -> threading.Thread:
    def work() -> None:
        with gate.entered() as admitted:
            assert admitted
            entered.set()
            assert go_on.wait(30)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_beyond_those_at_work_and_those_waiting_the_answer_is_no_at_once() -> None:
    gate = Gate(at_once=1, waiting=0, patience_s=60)
    go_on, entered = threading.Event(), threading.Event()
    thread = hold(gate, go_on, entered)
    assert entered.wait(30)

    with gate.entered() as admitted:
        assert not admitted

    go_on.set()
    thread.join(30)
    with gate.entered() as admitted:
        assert admitted


def test_one_that_waits_works_as_soon_as_a_place_is_free() -> None:
    gate = Gate(at_once=1, waiting=1, patience_s=60)
    go_on, first_in, second_in = threading.Event(), threading.Event(), threading.Event()
    first = hold(gate, go_on, first_in)
    assert first_in.wait(30)
    second = hold(gate, go_on, second_in)

    go_on.set()

    assert second_in.wait(30)
    first.join(30)
    second.join(30)


def test_patience_ends() -> None:
    gate = Gate(at_once=1, waiting=1, patience_s=0.01)
    go_on, entered = threading.Event(), threading.Event()
    thread = hold(gate, go_on, entered)
    assert entered.wait(30)

    with gate.entered() as admitted:
        assert not admitted

    go_on.set()
    thread.join(30)


def test_a_failing_block_gives_its_place_back() -> None:
    gate = Gate(at_once=1, waiting=0, patience_s=60)
    for _ in range(3):
        try:
            with gate.entered() as admitted:
                assert admitted
                raise RuntimeError("boom")
        except RuntimeError:
            pass
