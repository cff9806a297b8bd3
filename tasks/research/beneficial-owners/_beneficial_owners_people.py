"""Draws people and their names in two scripts, and names of companies."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from _beneficial_owners_model import Name, Person

FAMILIES = {
    "陈": "chen", "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "赵": "zhao", "周": "zhou", "吴": "wu",
    "孙": "sun", "林": "lin", "郑": "zheng", "何": "he", "郭": "guo", "罗": "luo", "梁": "liang", "宋": "song",
    "单": "dan shan", "曾": "ceng zeng", "解": "jie xie", "仇": "chou qiu", "查": "cha zha", "覃": "tan qin",
}  # fmt: skip
"""Family names with their readings; of several, the last is the usual one."""
GIVEN = {
    "伟": "wei", "巍": "wei", "丽": "li", "莉": "li", "明": "ming", "铭": "ming", "晓": "xiao", "小": "xiao",
    "华": "hua", "强": "qiang", "静": "jing", "敬": "jing", "芳": "fang", "敏": "min", "军": "jun", "君": "jun",
    "涛": "tao", "洁": "jie", "杰": "jie", "梅": "mei", "建": "jian", "健": "jian", "国": "guo", "文": "wen",
    "玉": "yu", "宇": "yu", "平": "ping", "宁": "ning", "海": "hai", "志": "zhi", "芝": "zhi", "红": "hong",
    "宏": "hong", "兰": "lan", "岚": "lan", "乐": "le yue", "重": "zhong chong", "朝": "chao zhao", "行": "hang xing",
}  # fmt: skip
ALIKE = [("伟", "巍"), ("丽", "莉"), ("明", "铭"), ("静", "敬"), ("军", "君"), ("洁", "杰"), ("建", "健"), ("玉", "宇"),
         ("志", "芝"), ("红", "宏"), ("兰", "岚")]  # fmt: skip
OTHERS = ["Halloran", "Okafor", "Lindqvist", "Marchetti", "Dunmore", "Vasquez", "Petrossian", "Ashdown", "Karlsen",
          "Moreau", "Tillman", "Brandt", "Sandoval", "Quigley", "Rasmussen", "Ibarra", "Whitlock", "Novak",
          "Ferreira", "Castellan", "Orme", "Pryce", "Lachlan", "Thorne"]  # fmt: skip
FIRSTS = ["Edith", "Magnus", "Rosa", "Hector", "Ingrid", "Callum", "Beatriz", "Tobias", "Nadia",
          "Owen", "Sylvie", "Anton", "Marta", "Felix", "Greta", "Hugo", "Leonie", "Piers",
          "Thea", "Ruben"]  # fmt: skip
FIRST_WORDS = [("Tarn", "丹霞"), ("Vellum", "维伦"), ("Corbel", "科培"), ("Larkspur", "翠雀"), ("Halyard", "海帆"),
               ("Marram", "沙汀"), ("Quern", "石磨"), ("Pintle", "平拓"), ("Sedge", "青蒲"), ("Gannet", "鲣岛"),
               ("Ostler", "奥驿"), ("Fennel", "茴香"), ("Dapple", "斑驹"), ("Kestle", "凯堡"), ("Umber", "赭岭"),
               ("Wherry", "轻舟"), ("Rushlight", "灯芯"), ("Brindle", "斑纹")]  # fmt: skip
LAST_WORDS = [("Holdings", "控股"), ("Trading", "贸易"), ("Components", "零部件"), ("Logistics", "物流"),
              ("Capital", "资本"), ("Works", "制造"), ("Packaging", "包装"), ("Partners", "合伙投资")]  # fmt: skip


def company_names(rng: Random, many: int) -> dict[str, tuple[str, str]]:
    """Return numbers of companies with their English and Chinese names."""
    numbers = sorted(rng.sample(range(402117, 698114), many))
    pairs = rng.sample([(a, b) for a in FIRST_WORDS for b in LAST_WORDS], many)
    return {
        str(number): (f"{a[0]} {b[0]} Limited", f"{a[1]}{b[1]}有限公司")
        for number, (a, b) in zip(numbers, pairs, strict=True)
    }


def readings() -> dict[str, str]:
    """Return every character with its readings."""
    return dict(sorted((FAMILIES | GIVEN).items(), key=lambda pair: (pair[1], pair[0])))


class Registry:
    """Hands out people, none like another unless it is meant."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.people: dict[str, Person] = {}
        self._used: set[str] = set()
        ids = rng.sample(range(1001, 9999), 400)
        self._ids = [f"P-{one}" for one in ids]
        self._days = rng.sample(range(9000), 400)

    def _key(self) -> str:
        return f"p{len(self.people) + 1}"

    def _id(self) -> str:
        return self._ids.pop()

    def _born(self) -> date:
        return date(1950, 1, 1) + timedelta(days=self._days.pop())

    def _add(self, names: list[Name], **more: object) -> str:
        key = self._key()
        self.people[key] = Person(key, names, **more)  # type: ignore[arg-type]
        return key

    def _drawn(self, given: str = "", odd: bool = False) -> tuple[str, str, str]:
        """Return family and given name in Latin and the whole in Chinese, of a sound not used before."""
        while True:
            family = self.rng.choice([one for one in FAMILIES if (" " in FAMILIES[one]) == odd])
            rest = given or "".join(self.rng.sample(list(GIVEN), self.rng.choice((1, 2, 2))))
            latin = (FAMILIES[family].split()[-1], "".join(GIVEN[one].split()[-1] for one in rest))
            if "".join(latin) not in self._used:
                self._used.add("".join(latin))
                return latin[0].capitalize(), latin[1].capitalize(), family + rest

    def plain(self) -> str:
        """Return somebody with one entry in people.csv: both scripts, or none Chinese."""
        if self.rng.random() < 0.5:
            family, given, chinese = self._drawn()
            return self._add([Name(self._id(), family, given, chinese, self._born())])
        while True:
            family, given = self.rng.choice(OTHERS), self.rng.choice(FIRSTS)
            if family + given not in self._used:
                self._used.add(family + given)
                return self._add([Name(self._id(), family, given, "", self._born())])

    def two_entries(self, odd: bool) -> str:
        """Return somebody with an entry for each script; `odd`: with a family name of several readings."""
        family, given, chinese = self._drawn(odd=odd)
        born = self._born()
        return self._add([Name(self._id(), family, given, "", born), Name(self._id(), "", "", chinese, born)])

    def renamed(self, day: int) -> str:
        """Return a woman who took another family name on a day: two Latin entries, and a Chinese one of the first."""
        family, given, chinese = self._drawn()
        born = self._born()
        new = self.rng.choice([one for one in OTHERS if one + given not in self._used])
        self._used.add(new + given)
        names = [Name(self._id(), family, given, "", born), Name(self._id(), "", "", chinese, born)]
        names.append(Name(self._id(), new, given, "", born, f"{family} {given}"))
        return self._add(names, renamed=day)

    def twins(self) -> tuple[str, str]:
        """Return two people born on one day whose Chinese names are read alike; neither has a Latin name."""
        first, second = self.rng.choice(ALIKE)
        other = self.rng.choice(["", self.rng.choice([one for one in GIVEN if " " not in GIVEN[one]])])
        _, _, chinese = self._drawn(given=other + first)
        born = self._born()
        one = self._add([Name(self._id(), "", "", chinese, born)])
        two = self._add([Name(self._id(), "", "", chinese[:-1] + second, born)], twin=one)
        return one, two

    def namesakes(self) -> tuple[str, str]:
        """Return two people of one name, born on days that differ in the month alone."""
        family, given, chinese = self._drawn()
        born = self._born().replace(day=self.rng.randint(1, 28))
        month = self.rng.choice([one for one in range(1, 13) if one != born.month])
        one = self._add([Name(self._id(), family, given, chinese, born)])
        two = self._add([Name(self._id(), family, given, chinese, born.replace(month=month))], namesake=one)
        return one, two

    def person_id(self, key: str) -> str:
        """Return the number under which somebody is reported."""
        return min(name.person_id for name in self.people[key].names)
