"""The pictures of the demo outlet: `PICTURES` says what each is, `draw(key)` makes it.

Every picture is drawn by this project and carries no one else's rights; the licence says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from PIL import Image

from newsroom.images.digital_source import DigitalSource
from newsroom.management.demo.drawing.charts import CHARTS
from newsroom.management.demo.drawing.maps import MAPS
from newsroom.management.demo.drawing.portraits import PORTRAITS
from newsroom.management.demo.drawing.scenes import SCENES

#: The people of the outlet are invented; who drew the pictures is not.
ARTIST = "The Newsroom project"
SOURCE = "Drawn by the Newsroom project for its demo outlet"

DRAWERS: Mapping[str, Callable[[], Image.Image]] = MappingProxyType(
    {**SCENES, **CHARTS, **MAPS, **PORTRAITS}
)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the image library is told of a picture; `focal` is x, y as shares of width and height."""

    key: str
    alt: str
    caption: str
    credit: str
    author: str
    source: str
    licence: str
    focal: tuple[float, float]
    digital_source: str


def _graphic(
    key: str, alt: str, caption: str, focal: tuple[float, float], licence: str = "own-work"
) -> Picture:
    credit = f"Graphic: {ARTIST}"
    made = DigitalSource.DATA
    return Picture(key, alt, caption, credit, ARTIST, SOURCE, licence, focal, made)


def _illustration(
    key: str, alt: str, caption: str, focal: tuple[float, float], licence: str = "own-work"
) -> Picture:
    credit = f"Illustration: {ARTIST}"
    made = DigitalSource.ILLUSTRATION
    return Picture(key, alt, caption, credit, ARTIST, SOURCE, licence, focal, made)


def _portrait(surname: str, name: str, look: str) -> Picture:
    alt = f"Drawn portrait of {name}: {look}."
    return _illustration(f"portrait-{surname}", alt, f"{name}.", (0.5, 0.42))


_ALL: tuple[Picture, ...] = (
    _illustration(
        "harbor-dawn",
        "Three gantry cranes stand over a loaded container ship at the quay; behind them the sun rises out of low hills "
        "and lays a path of light across the harbor.",
        "The container quay at Northbank, a little after six in the morning.",
        (0.36, 0.55),
    ),
    _illustration(
        "ferry-crossing",
        "A small ferry with a red hull and a blue funnel crosses calm water from left to right under four ranges of hazy green hills.",
        "The Kittiwake on the crossing to the Skells. The passage takes 70 minutes, 95 in a westerly.",
        (0.5, 0.62),
    ),
    _illustration(
        "lighthouse",
        "A lighthouse banded in red and white throws two beams across a starry sky; on the headland behind it stand two lattice masts with red lamps.",
        "The Lantern Point light and, to its left, the two masts that went up this month.",
        (0.34, 0.45),
    ),
    _illustration(
        "orchard",
        "Rows of apple trees heavy with red and yellow fruit run toward low hills; in front, three full crates and a ladder leaning on a tree.",
        "Picking week in an orchard above Dunmarrow.",
        (0.5, 0.7),
        "cc0",
    ),
    _illustration(
        "library",
        "A long vaulted reading room, bookshelves along both walls, tables with green lamps down the middle, a great arched window at the end.",
        "The Chandler Hill Reading Room. The lamps are the originals; the wiring, at last, is not.",
        (0.5, 0.48),
        "cc0",
    ),
    _illustration(
        "theater",
        "On a stage framed by red curtains a figure in a dark coat reaches toward a white heap of salt in a cone of light; the audience is in silhouette.",
        'Osian Quaye as the Collector in the third act of "The Salt Tax."',
        (0.55, 0.66),
    ),
    _illustration(
        "pilot-ladder",
        "Seen from the water: a pilot in a red jacket climbs a rope ladder up the side of a huge dark hull, the yellow pilot launch below.",
        "Nine meters of ladder, more or less. The rule says no more; the sea does not read the rule.",
        (0.54, 0.56),
    ),
    _illustration(
        "clock",
        "The face of a tower clock showing ten past ten; a shaded wedge marks the four minutes by which the hand used to run ahead.",
        "The Chandler Hill clock. The dashed line is where the minute hand has stood since the year of the tram strike.",
        (0.5, 0.5),
    ),
    _illustration(
        "committee-table",
        "A committee room from above: an oval wooden table, eleven chairs of which one is red, eleven agendas, four cups and a kettle.",
        "Eleven members, eleven agendas, one kettle.",
        (0.5, 0.5),
        "cc0",
    ),
    _illustration(
        "supper",
        "Three grilled herring on a white plate with lemon and radishes, bread on a board, a glass and a fork, on a blue checked cloth.",
        "The three-herring plate at Number Nine, 64 crowns.",
        (0.46, 0.52),
        "cc0",
    ),
    _illustration(
        "three-ferries",
        "Three side views of the same small ferry, numbered: the first only outlined, the second half plated over its frames, the third painted and complete.",
        "One, two and three: the order in which Northbank Yard means to deliver them.",
        (0.5, 0.55),
    ),
    _graphic(
        "tide-chart",
        "Chart of the water level over 54 hours with five high waters. Four stay under the wall's 5.20 meters; one, at 5:10 in the morning, reaches 5.31.",
        "Predicted and observed water level at Lantern Stairs on the night of the flood.",
        (0.7, 0.4),
        "cc0",
    ),
    _graphic(
        "empty-flats",
        "Bar chart of eight Ropewalk blocks. Capstan House has most empty flats, 141 of 402; Lower Ropewalk fewest, 24 of 748.",
        "Flats without a resident, by block.",
        (0.35, 0.5),
    ),
    _graphic(
        "money-flow",
        "Flow diagram: harbor dues of 29.23 and a city grant of 12.53 make 41.76 million crowns; 27.74 pay for first tickets, 14.02 for second tickets.",
        "What the Harbor Board paid for dredging in four years, and for what.",
        (0.5, 0.55),
    ),
    _graphic(
        "herring-shoal",
        "Eight rows of fish, each fish a thousand tonnes: 31 fish seven seasons ago, 23 last season, and a last row in red of 18.4, the new quota.",
        "Herring landed at Vellmouth over seven seasons, and what may be landed in the next.",
        (0.4, 0.55),
    ),
    _graphic(
        "patrol-ship",
        "Side view of a patrol vessel on a blue drawing sheet: length 78.4 meters, draft 3.6 meters, hull number P 41.",
        "CSV Ternhawk. The slanted stripe is the Coast Service's; the four shades of blue are not.",
        (0.5, 0.58),
    ),
    _graphic(
        "radar",
        "A round radar screen centered on a headland: rings every 30 miles, a bright sweep toward the northeast, six labeled contacts, a coast to the north.",
        "What a search radar at Lantern Point would see of the Kessary Strait.",
        (0.5, 0.5),
    ),
    _graphic(
        "tram-map",
        "Map of four tram lines. Circles mark where delay arises: Corn Cross 38 percent, Ropewalk 22 percent, Swing Bridge 19 percent.",
        "Three places account for 79 percent of all tram delay.",
        (0.45, 0.52),
    ),
    _graphic(
        "flood-wards",
        "Map of Vellmouth's wards. Saltpan is darkest with 2,310 homes below the wall's crest, then Old Quay with 1,480, Netmakers, the Ropewalk and Northbank.",
        "Where the 6,150 homes stand that lie lower than the wall.",
        (0.32, 0.58),
    ),
    _graphic(
        "storm-front",
        "Weather map: a low of 968 hectopascals west of the Skells, rings of isobars around it, a cold front and a warm front sweeping toward Vellmouth.",
        "The storm's expected position at midnight.",
        (0.4, 0.5),
    ),
    _graphic(
        "cable-map",
        "Map of the sound with a cable from Vellmouth to three islands; crosses mark two breaks, one 31 meters deep, one 44.",
        "The Skell cable and the two places where it no longer is one.",
        (0.55, 0.52),
        "cc0",
    ),
    _graphic(
        "swing-bridge",
        "Plan of a swing bridge: the red span lies across the river on its pivot pier; a pale outline and an arrow show it turned by 90 degrees, open to ships.",
        "The Swing Bridge, shut and open.",
        (0.45, 0.56),
        "cc0",
    ),
    _portrait(
        "calloway", "Ines Calloway", "gray hair cut to the jaw, round glasses, black sweater"
    ),
    _portrait("merrin", "Dov Merrin", "short brown hair and beard, blue jacket over a white shirt"),
    _portrait("pell", "Sunniva Pell", "long red hair, dark green sweater over a white collar"),
    _portrait("falk", "Idris Falk", "cropped hair, round glasses, dark green jacket"),
    _portrait("obiora", "Lucan Obiora", "beard, red woolen cap, ocher sweater"),
    _portrait("oyelaran", "Marta Oyelaran", "a cloud of dark hair, white sweater"),
    _portrait("sandoval", "Petra Sandoval-Hume", "hair in a bun, round glasses, dark red jacket"),
    _portrait("tiede", "Anselm Tiede", "bald, white beard, round glasses and a bow tie"),
    _portrait(
        "achterberg",
        "Roisin Achterberg",
        "black hair with a straight fringe, black sweater, red ground",
    ),
    _portrait("hallam", "Kofi Hallam", "short dark hair, gray sweater with a rolled collar"),
    _portrait("bracewell", "Yuna Bracewell", "long black hair, blue sweater"),
    _portrait("arroyo", "Gethin Arroyo", "brown hair swept up, beard, dark red jacket"),
)

PICTURES: Mapping[str, Picture] = MappingProxyType({picture.key: picture for picture in _ALL})


def draw(key: str) -> Image.Image:
    """Return the picture, RGB and always the same; raise KeyError for a key not in `PICTURES`."""
    return DRAWERS[key]()
