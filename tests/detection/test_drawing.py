"""Drawing by lot: reproducible, blind to order, everyone has a chance, shares in proportion."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.detection.drawing import Candidate, allocated, draw, lot
from app.errors import Invalid

SEED = "benih"
frames = st.dictionaries(
    st.from_regex(r"[A-Z]{2}[0-9]{4}", fullmatch=True),
    st.sampled_from(["kecil", "besar", "mikro"]),
    min_size=3,
    max_size=60,
).map(lambda found: [Candidate(npp, stratum) for npp, stratum in found.items()])


@given(frames, st.randoms(use_true_random=False), st.text(max_size=20), st.data())
def test_the_same_seed_and_frame_give_the_same_list_in_whatever_order_they_come(
    frame: list[Candidate], random: object, seed: str, data: st.DataObject
) -> None:
    least = len({one.stratum for one in frame})
    wanted = data.draw(st.integers(least, len(frame)))
    shuffled = list(frame)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    drawn = draw(frame, seed=seed, wanted=wanted)

    assert draw(shuffled, seed=seed, wanted=wanted) == drawn
    assert len(set(drawn.npps)) == wanted
    taken = Counter(one.stratum for one in frame if one.npp in drawn.npps)
    assert {one.key: one.drawn for one in drawn.strata} == dict(taken)


@given(
    st.dictionaries(st.text(max_size=3), st.integers(1, 500), min_size=1, max_size=30), st.data()
)
def test_every_stratum_gets_its_share_and_none_more_than_it_holds(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    total = sum(sizes.values())
    wanted = data.draw(st.integers(len(sizes), total))

    strata = allocated(sizes, wanted=wanted)

    assert sum(one.drawn for one in strata) == wanted
    rest, room = wanted - len(sizes), total - len(sizes)
    for one in strata:
        assert 1 <= one.drawn <= one.size
        if room:
            assert abs((one.drawn - 1) - rest * (one.size - 1) / room) < 1
    assert sum(one.weight * one.drawn for one in strata) == total


def test_another_seed_draws_others_and_every_employer_comes_up() -> None:
    frame = [Candidate(f"AA{number:04d}", "") for number in range(20)]

    lists = {draw(frame, seed=str(seed), wanted=4).npps for seed in range(60)}

    assert len(lists) == 60
    assert {npp for drawn in lists for npp in drawn} == {one.npp for one in frame}


def test_anyone_can_draw_again_with_a_hash_alone() -> None:
    frame = [Candidate(f"AA{number:04d}", "") for number in range(50)]

    drawn = draw(frame, seed=SEED, wanted=5)

    by_hand = sorted(
        (one.npp for one in frame),
        key=lambda npp: hashlib.sha256(f"{SEED}\n{npp}".encode()).hexdigest(),
    )
    assert drawn.npps == tuple(by_hand[:5])
    assert lot(SEED, "AA0001") == hashlib.sha256(b"benih\nAA0001").hexdigest()


def test_a_frame_that_changed_by_one_employer_has_another_digest() -> None:
    frame = [Candidate(f"AA{number:04d}", "") for number in range(50)]

    one, other = draw(frame, seed=SEED, wanted=5), draw(frame[:-1], seed=SEED, wanted=5)

    assert one.frame_sha256 != other.frame_sha256


@pytest.mark.parametrize("wanted", [0, 4])
def test_more_than_there_are_or_nobody_is_refused(wanted: int) -> None:
    frame = [Candidate(f"AA{number:04d}", "") for number in range(3)]

    with pytest.raises(Invalid) as refused:
        draw(frame, seed=SEED, wanted=wanted)

    assert refused.value.fields[0].field == "banyaknya"


def test_fewer_than_the_strata_are_refused_because_some_could_never_come_up() -> None:
    frame = [Candidate("AA0001", "kecil"), Candidate("AA0002", "besar")]

    assert len(draw(frame, seed=SEED, wanted=2).npps) == 2
    with pytest.raises(Invalid, match="pilih lapisan lebih sedikit"):
        draw(frame, seed=SEED, wanted=1)
