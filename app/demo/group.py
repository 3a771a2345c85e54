"""Makes the region in small groups of employers, each with its story, bystanders and a stranger."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from app.demo import profile
from app.demo.days import DemoCalendar
from app.demo.layout import Row
from app.demo.model import Employer, Habit, Planted
from app.demo.outside import usual_records
from app.demo.profile import ANY
from app.demo.rows import rows_of
from app.demo.scene import Scene
from app.demo.shape import shape_of
from app.demo.spoiled import SPOILS
from app.demo.stories import kin
from app.demo.stories.catalogue import STORIES, STRANGERS
from app.demo.stories.story import Story
from app.demo.stories.strangers import tell_of_many

_LARGEST = 3
_SMALLEST = 2
_STORIES_ONCE = len({id(story) for story in STORIES})
_EVERY = 3
_DORMANT_SHARE = 0.015
_DORMANT_DAYS = 300
_FORGETFUL_SHARE = 0.12
_HALF_FILLED_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class Made:
    """A group's rows and what is planted in them; `row` in the latter counts within the group."""

    tables: Mapping[str, Sequence[Row]]
    truth: Sequence[Planted]


def group_count(employers: int) -> int:
    return -(-employers // _size(employers))


def groups(numbers: Iterable[int], *, employers: int, seed: int, today: date) -> Iterator[Made]:
    """Yield those groups of the region.

    A group depends on its number, the seed, the day and the shape only: any of them can be made
    without the others, in any process.
    """
    calendar, size, shape = DemoCalendar(today), _size(employers), shape_of(employers)
    for group in numbers:
        chance = Random(f"patuh/{seed}/{group}")  # noqa: S311  (repeatable on purpose)
        scene = Scene(group, chance, calendar, shape)
        first = group * size
        yield _made(scene, range(first, min(first + size, employers)))


def _size(employers: int) -> int:
    """Large regions tell a story about every third employer, small ones about every second."""
    return _LARGEST if employers >= _LARGEST * _STORIES_ONCE else _SMALLEST


def _made(scene: Scene, indexes: Sequence[int]) -> Made:
    story: Story | None = STORIES[scene.group % len(STORIES)]
    if story is None or story.neighbours >= len(indexes):
        story = None
    for slot, index in enumerate(indexes):
        cast = story.cast if story and slot == 0 else ANY
        scene.employers.append(profile.employer(scene, index=index, slot=slot, cast=cast))
    if story:
        lead = scene.employers[0]
        lead.speaks_for_itself = story.quiet
        story.plant(scene, lead)
        scene.bystanders = scene.employers[1 + story.neighbours :]
    else:
        scene.bystanders = list(scene.employers)
    _tell_of_a_stranger(scene)
    tell_of_many(scene)
    for bystander in scene.bystanders:
        _live_on(scene, bystander)
    for employer in scene.employers:
        if not employer.speaks_for_itself and employer.status == "aktif":
            usual_records(scene, employer)
    tables = rows_of(scene)
    if scene.group % _EVERY == _EVERY - 1:
        SPOILS[scene.group // _EVERY % len(SPOILS)](scene, tables)
    return Made(tables, scene.truth)


def _tell_of_a_stranger(scene: Scene) -> None:
    if scene.group % _EVERY == 0 and scene.bystanders:
        STRANGERS[scene.group // _EVERY % len(STRANGERS)].plant(scene)


def _live_on(scene: Scene, bystander: Employer) -> None:
    """Give an employer without a story the small irregularities that most have."""
    rng = scene.rng
    if rng.random() < _FORGETFUL_SHARE:
        month = scene.calendar.last_surely_due - rng.randint(0, 18)
        bystander.habits["", month] = rng.choice((Habit.UNPAID, Habit.LATE, Habit.HALF))
    if len(bystander.members) >= scene.shape.divided_from and rng.random() < scene.shape.divided:
        kin.open_second_division(bystander)
    if rng.random() < _HALF_FILLED_SHARE:
        match rng.randrange(3):
            case 0:
                bystander.kbli = ""
            case 1:
                bystander.alamat = ""
            case _:
                bystander.bentuk = ""
    if rng.random() < _DORMANT_SHARE:
        bystander.status = "nonaktif"
        for member in bystander.members:
            last = scene.calendar.ago(_DORMANT_DAYS)
            if member.end is None and member.start < last:
                member.end, member.cause = last, "lain"
        bystander.members = [member for member in bystander.members if member.end]
