"""A story: one violation or look-alike, the employer it needs, and how it is planted."""

from collections.abc import Callable
from dataclasses import dataclass

from app.demo.model import Employer
from app.demo.profile import SETTLED, Cast
from app.demo.scene import Scene


@dataclass(frozen=True, slots=True)
class Story:
    """`plant` changes the lead employer, and may use its neighbours in the scene.

    `quiet` keeps usual outside records away, so that only the story's own records speak.
    `rounds` is how often the story comes up in one turn of the catalogue.
    """

    plant: Callable[[Scene, Employer], None]
    cast: Cast = SETTLED
    quiet: bool = True
    rounds: int = 1
    neighbours: int = 0
