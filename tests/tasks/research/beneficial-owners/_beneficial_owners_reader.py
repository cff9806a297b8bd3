"""Reads the register's extracts, English and Chinese, forms and running text, without the generator's code."""

import csv
import re
from collections import namedtuple
from datetime import date
from fractions import Fraction

Line = namedtuple("Line", "source target share count")
FORMS = {
    "Annual return": "return", "Notice of transfer": "transfer", "Notice of issue of shares": "issue",
    "Notice of cancellation of treasury shares": "cancel", "Notice of split or consolidation": "split",
    "Declaration of nominee": "nominee", "Certificate of voting arrangement: delegation": "delegation",
    "Certificate of voting arrangement: common use": "pool", "Notice of end": "end", "Correction": "correct",
    "Withdrawal": "withdraw", "周年申报表": "return", "股份转让通知": "transfer", "股份发行通知": "issue",
    "库存股注销通知": "cancel", "股份拆分或合并通知": "split", "代持声明": "nominee",
    "表决权安排证明（委托）": "delegation", "表决权安排证明（共同行使）": "pool", "终止通知": "end", "更正": "correct",
    "撤回": "withdraw",
}  # fmt: skip
ITEMS = {"shares": "count", "holder": "target", "effective day": "effective", "股数": "count", "持有人": "target",
         "生效日": "effective"}  # fmt: skip
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
CLASSES = {"A": "A", "B": "B", "甲类": "A", "乙类": "B", "all": "", "各类": "", "all classes": ""}
NUMERALS = "〇一二三四五六七八九"


class Filing:
    """One filing as it was read."""

    def __init__(self):
        self.lines, self.classes, self.until, self.effective, self.factor = [], {}, None, None, None
        self.concerns = self.entry = self.item = self.value = None


def numeral(text):
    """Read a number below 100 in characters."""
    if "十" not in text:
        return int("".join(str(NUMERALS.index(one)) for one in text))
    tens, ones = text.split("十")
    return (NUMERALS.index(tens) if tens else 1) * 10 + (NUMERALS.index(ones) if ones else 0)


def day(text):
    """Read a day of any layout."""
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text) or re.fullmatch(
        r"(\d{4})年(\d+)月(\d+)日", text
    ):
        return date(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d+) ([A-Z][a-z]+) (\d{4})", text):
        return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))
    found = re.fullmatch(r"([〇一二三四五六七八九]{4})年(.+)月(.+)日", text)
    return date(*map(numeral, found.groups()))


def count(text, unit=1):
    """Read a count; None means all."""
    text = text.strip()
    if text in ("all", "全部"):
        return None
    if text.endswith("万股"):
        text, unit = text[:-2], 10000
    value = Fraction(text.removesuffix("股").replace(",", "")) * unit
    assert value.denominator == 1
    return int(value)


def plain(name):
    """Return a name without what does not matter."""
    return "".join(sorted(re.findall(r"[a-zü]+", name.lower()))) or name


def holder(text):
    """Read a holder: "self", the number of a company, or name and day of birth."""
    text = text.strip()
    if text in ("the company itself", "本公司"):
        return "self"
    if found := re.search(r"[(（](\d{6})[)）]$", text):
        return found[1]
    found = re.fullmatch(r"(.+?)\s*[(（](?:born )?(.+?)生?[)）]", text)
    return " ".join(found[1].split()), day(found[2])


def number(text):
    """Read the number of a filing."""
    return int(text.strip().replace("-", ""))


def read(file):
    """Read an extract."""
    text = file.read_text("utf-8")
    if text.startswith("REGISTER OF COMPANIES"):
        return _english_form(text)
    if text.startswith("公司登记处　"):
        return _chinese_form(text)
    return _chinese_text(text) if text.startswith("公司登记处") else _english_text(text)


def _known(one, fields, names):
    one.no, one.company, one.received = (
        number(fields[names[0]]),
        re.search(r"\d{6}", fields[names[1]])[0],
        day(fields[names[2]]),
    )


def _english_form(text):
    one = Filing()
    head, *blocks = text.strip().split("\n\n")
    one.form = FORMS[head.splitlines()[1].removeprefix("Extract: ")]
    fields = dict(re.fullmatch(r"(.+?) \.{2,} (.+)", line).groups() for line in blocks[0].splitlines())
    _known(one, fields, ("Filing", "Company", "Received"))
    for label, value in fields.items():
        if label in ("Made up to", "Entered in register of members", "Issued on", "Cancelled on", "Effective on",
                     "Held for the principal from", "Valid from", "Ended; first day without it"):  # fmt: skip
            one.effective = day(value)
        elif label == "Last day":
            one.until = day(value)
        elif label == "Concerns filing":
            one.concerns = number(value)
        elif label == "Entry":
            one.entry = int(value)
        elif label.startswith("Reads: "):
            one.item, one.value = ITEMS[label[7:]], value
        elif label.startswith("Class "):
            few, many = re.fullmatch(r"every (\d+) become (\d+)", value).groups()
            one.factor, one.lines = Fraction(int(many), int(few)), [Line("", "", label[6:], None)]
    for block in blocks[1:]:
        heads, *rows = [[cell.strip() for cell in line.split("|")] for line in block.splitlines()]
        for row in rows:
            if heads[0] == "Class":
                one.classes[row[0]] = (Fraction(row[1]), Fraction(row[2]))
            else:
                _cells(one, row, 1)
    return one


def _cells(one, row, unit):
    """Take a row of a table: number, one or two holders, class and shares."""
    rest, share, number_of = row[1:], "", None
    if one.form != "pool":
        *rest, share, number_of = rest
        share, number_of = CLASSES[share], count(number_of, unit)
    names = [holder(one_of) for one_of in rest]
    if one.form == "cancel":
        names.append("")
    one.lines.append(Line("" if len(names) == 1 else names[0], names[-1], share, number_of))


def _chinese_form(text):
    one = Filing()
    head, *blocks = text.strip().split("\n\n")
    _, title, *rows = head.splitlines()
    one.form = FORMS[title.strip("【】")]
    fields = dict(row.split("：", 1) for row in rows)
    _known(one, fields, ("文件编号", "公司", "收件日"))
    one.company = re.search(r"（(\d{6})）", fields["公司"])[1]
    for label, value in fields.items():
        if label in (
            "申报截至",
            "记入股东名册日",
            "发行日",
            "注销日",
            "生效日",
            "代持起始日",
            "起始日",
            "终止后首日",
        ):
            one.effective = day(value)
        elif label == "最后一日":
            one.until = day(value)
        elif label == "所涉文件":
            one.concerns = number(value)
        elif label == "项次":
            one.entry = int(value)
        elif label.startswith("更正后"):
            one.item, one.value = ITEMS[label[3:]], value
        elif found := re.fullmatch(r"每(\d+)股变为(\d+)股", value):
            one.factor, one.lines = (
                Fraction(int(found[2]), int(found[1])),
                [Line("", "", CLASSES[label], None)],
            )
        elif found := re.fullmatch(r"每股表决权([\d.]+)票，每股分红([\d.]+)份", value):
            one.classes[CLASSES[label]] = (Fraction(found[1]), Fraction(found[2]))
    for block in blocks:
        heads, *rows = [line.split("　") for line in block.splitlines()]
        for row in rows:
            _cells(one, row, 10000 if heads[-1].endswith("（万股）") else 1)
    return one


ENGLISH = {
    "return": r"(?P<target>.+): (?P<count>.+) of class (?P<share>.)",
    "issue": r"(?P<target>.+): (?P<count>.+) of class (?P<share>.)",
    "cancel": r"(?P<source>.+): (?P<count>.+) of class (?P<share>.)",
    "transfer": r"(?P<count>[\d,]+) of class (?P<share>.) from (?P<source>.+\)|the company itself) to (?P<target>.+)",
    "nominee": r"(?P<source>.+?) holds (?:(?P<count>[\d,]+) of|all shares of) (?:class )?(?P<share>.|all classes)"
               r" for (?P<target>.+)",
    "delegation": r"(?P<target>.+) casts the votes of (?:(?P<count>[\d,]+) of|all shares of) (?:class )?"
                  r"(?P<share>.|all classes) of (?P<source>.+)",
    "pool": r"(?P<target>.+)",
}  # fmt: skip
CHINESE = {
    "return": r"(?P<target>.+)持有(?P<share>..)股份(?P<count>.+)",
    "issue": r"向(?P<target>.+)发行(?P<share>..)股份(?P<count>.+)",
    "cancel": r"注销(?P<source>.+)所持(?P<share>..)股份(?P<count>.+)",
    "transfer": r"(?P<source>.+)将(?P<share>..)股份(?P<count>.+)转让予(?P<target>.+)",
    "nominee": r"(?P<source>.+)代(?P<target>.+)持有(?P<share>..)股份(?P<count>.+)",
    "delegation": r"(?P<source>.+)将(?P<share>..)股份(?P<count>.+)的表决权委托予(?P<target>.+)行使",
    "pool": r"(?P<target>.+)",
}


def _entry(one, text, patterns, unit=1):
    found = re.fullmatch(patterns[one.form], text).groupdict()
    names = [holder(found[side]) if found.get(side) else "" for side in ("source", "target")]
    one.lines.append(
        Line(*names, CLASSES[found.get("share") or "all"], count(found.get("count") or "all", unit))
    )


def _english_text(text):
    one = Filing()
    parts = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    found = re.fullmatch(r"Register of Companies\. (.+) no\. ([\d-]+), received ([\d-]+)\.", parts[0])
    one.form, one.no, one.received = FORMS[found[1]], number(found[2]), day(found[3])
    found = re.match(r"This concerns .+? \(company (\d{6})\)\. ", parts[1])
    one.company, story = found[1], parts[1][found.end() :]
    days = [day(some) for some in re.findall(r"\b\d{4}-\d\d-\d\d\b", story)]
    if one.form == "correct":
        found = re.fullmatch(r"In filing ([\d-]+), entry (\d+), the (.+?) shall read: (.+)\.", story)
        one.concerns, one.entry, one.item, one.value = (
            number(found[1]),
            int(found[2]),
            ITEMS[found[3]],
            found[4],
        )
    elif one.form in ("end", "withdraw"):
        one.concerns = number(re.search(r"\d\d-\d{5}\b", story)[0])
        one.effective = days[-1] if one.form == "end" else None
    else:
        one.effective = days[1] if one.form == "transfer" else days[0]
        one.until = days[1] if "Its last day is" in story else None
    if found := re.search(r"shares of class (.), every (\d+) become (\d+)\.", story):
        one.factor, one.lines = Fraction(int(found[3]), int(found[2])), [Line("", "", found[1], None)]
    unit = 1000 if "Members, in thousands of shares:" in parts else 1
    for part in parts[2:]:
        for share, votes, rest in re.findall(
            r"A share of class (.) has ([\d.]+) votes and ([\d.]+) parts", part
        ):
            one.classes[share] = (Fraction(votes), Fraction(rest))
        if found := re.fullmatch(r"\(\d+\) (.+)\.", part):
            _entry(one, found[1], ENGLISH, unit)
    return one


def _chinese_text(text):
    one = Filing()
    parts = [part.replace("\n", "") for part in text.strip("\n").split("\n\n")]
    found = re.match(r"公司登记处(.+?日)收到(.+?)，编号([\d-]+)。公司为.+?（(\d{6})）。", parts[0])
    one.received, one.form, one.no, one.company = day(found[1]), FORMS[found[2]], number(found[3]), found[4]
    story = parts[0][found.end() :]
    days = [
        day(some)
        for some in re.findall(r"[〇一二三四五六七八九]{4}年[^，。年]{1,3}月[^，。月]{1,3}日", story)
    ]
    if one.form == "correct":
        found = re.fullmatch(r"编号([\d-]+)的文件第(\d+)项，(.+?)更正为(.+)。", story)
        one.concerns, one.entry, one.item, one.value = (
            number(found[1]),
            int(found[2]),
            ITEMS[found[3]],
            found[4],
        )
    elif one.form in ("end", "withdraw"):
        one.concerns = number(re.search(r"编号([\d-]+)的文件", story)[1])
        one.effective = days[-1] if one.form == "end" else None
    else:
        one.effective = days[1] if one.form == "transfer" else days[0]
        one.until = days[1] if "最后一日为" in story else None
    if found := re.search(r"，(..)股份每(\d+)股变为(\d+)股。", story):
        one.factor, one.lines = (
            Fraction(int(found[3]), int(found[2])),
            [Line("", "", CLASSES[found[1]], None)],
        )
    for part in parts[1:]:
        for share, votes, rest in re.findall(r"(甲类|乙类)每股([\d.]+)票、分红([\d.]+)份。", part):
            one.classes[CLASSES[share]] = (Fraction(votes), Fraction(rest))
        if found := re.fullmatch(r"（[一二三四五六七八九十]+）(.+)。", part):
            _entry(one, found[1], CHINESE)
    return one


def rows(file):
    """Return the rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
