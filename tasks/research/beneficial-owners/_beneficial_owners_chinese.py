"""Writes filings in Chinese: as a form, or as running text with days in characters."""

from __future__ import annotations

from datetime import date

from _beneficial_owners_english import Holder, decimal, number
from _beneficial_owners_model import Entry, Filing

TITLES = {
    "return": "周年申报表",
    "transfer": "股份转让通知",
    "issue": "股份发行通知",
    "cancel": "库存股注销通知",
    "split": "股份拆分或合并通知",
    "nominee": "代持声明",
    "delegation": "表决权安排证明（委托）",
    "pool": "表决权安排证明（共同行使）",
    "end": "终止通知",
    "correct": "更正",
    "withdraw": "撤回",
}
DAYS = {
    "return": "申报截至",
    "transfer": "记入股东名册日",
    "issue": "发行日",
    "cancel": "注销日",
    "split": "生效日",
    "nominee": "代持起始日",
    "delegation": "起始日",
    "pool": "起始日",
    "end": "终止后首日",
}
ITEMS = {"count": "股数", "target": "持有人", "effective": "生效日"}
CLASSES = {"A": "甲类", "B": "乙类", "": "各类"}
DIGITS = "〇一二三四五六七八九"
WIDTH = 36


def day(ordinal: int, style: str) -> str:
    """Return a day as a layout prints it."""
    one = date.fromordinal(ordinal)
    if style == "form":
        return f"{one.year}年{one.month}月{one.day}日"
    year = "".join(DIGITS[int(digit)] for digit in str(one.year))
    return f"{year}年{_two(one.month)}月{_two(one.day)}日"


def _two(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if not tens else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def _count(count: int | None, wan: bool = True) -> str:
    if count is None:
        return "全部"
    return f"{decimal(count / 10000)}万股" if wan else f"{count:,}股"


def written(one: Filing, names: dict[str, tuple[str, str]], holder: Holder, style: str) -> str:
    """Return the extract of a filing."""
    return _form(one, names, holder) if style == "form" else _prose(one, names, holder)


def _form(one: Filing, names: dict[str, tuple[str, str]], holder: Holder) -> str:
    fields = [("文件编号", number(one.no)), ("公司", f"{names[one.company][1]}（{one.company}）")]
    fields.append(("收件日", day(one.received, "form")))
    if one.signed:
        fields.append(("转让文书日", day(one.signed, "form")))
    if one.concerns:
        fields.append(("所涉文件", number(one.concerns)))
    if one.form in DAYS:
        fields.append((DAYS[one.form], day(one.effective, "form")))
    if one.until:
        fields.append(("最后一日", day(one.until, "form")))
    if one.form == "correct":
        fields += [("项次", str(one.entry)), (f"更正后{ITEMS[one.item]}", _item(one, holder, "form"))]
    if one.form == "split":
        fields.append((CLASSES[one.entries[0].share], _change(one)))
    lines = ["公司登记处　登记文件摘录", f"【{TITLES[one.form]}】"]
    lines += [f"{label}：{value}" for label, value in fields]
    lines += [
        f"{CLASSES[name]}：每股表决权{decimal(votes)}票，每股分红{decimal(parts)}份"
        for name, votes, parts in one.classes
    ]
    if one.form not in ("correct", "split", "end", "withdraw"):
        lines += ["", *_table(one, holder)]
    return "\n".join(lines) + "\n"


def _table(one: Filing, holder: Holder) -> list[str]:
    heads = {"transfer": ("转让人", "受让人"), "nominee": ("登记持有人", "实际持有人"),
             "delegation": ("持有人", "受托人"),
             "issue": ("获发行人",), "pool": ("参与方",), "return": ("股东",),
             "cancel": ("持有人",)}[one.form]  # fmt: skip
    wan = one.form == "return" and one.no % 2 == 0
    lines = [
        "　".join(
            ["项次", *heads] + (["类别", "股数（万股）" if wan else "股数"] if one.form != "pool" else [])
        )
    ]
    for at, entry in enumerate(one.entries, 1):
        cells = [str(at), *(holder(name, one, "form") for name in (entry.source, entry.target) if name)]
        if one.form != "pool":
            cells.append(CLASSES[entry.share])
            cells.append(
                decimal((entry.count or 0) / 10000) if wan else _count(entry.count, one.form != "return")
            )
        lines.append("　".join(cells))
    return lines


def _change(one: Filing) -> str:
    return f"每{one.factor.denominator}股变为{one.factor.numerator}股"


def _item(one: Filing, holder: Holder, style: str) -> str:
    if one.item == "count":
        return _count(one.entries[0].count, one.no % 2 == 0)
    return day(one.effective, style) if one.item == "effective" else holder(one.entries[0].target, one, style)


def _prose(one: Filing, names: dict[str, tuple[str, str]], holder: Holder) -> str:
    head = f"公司登记处{day(one.received, 'prose')}收到{TITLES[one.form]}，编号{number(one.no)}。"
    company = f"{names[one.company][1]}（{one.company}）"
    parts = [head + f"公司为{company}。" + _sentence(one, holder)]
    if one.classes:
        parts.append(
            "".join(
                f"{CLASSES[name]}每股{decimal(votes)}票、分红{decimal(rest)}份。"
                for name, votes, rest in one.classes
            )
        )
    if one.form not in ("correct", "split", "end", "withdraw"):
        parts += [f"（{_two(at)}）{_entry(one, entry, holder)}" for at, entry in enumerate(one.entries, 1)]
    return "\n".join(
        "\n".join(part[at : at + WIDTH] for at in range(0, len(part), WIDTH)) + "\n" for part in parts
    )


def _sentence(one: Filing, holder: Holder) -> str:
    when = day(one.effective, "prose")
    concerned = number(one.concerns)
    until = f"最后一日为{day(one.until, 'prose')}。" if one.until else ""
    return {
        "return": f"本表所载为{when}的情况。",
        "transfer": f"转让文书日为{day(one.signed or 1, 'prose')}，{when}记入股东名册。",
        "issue": f"新股于{when}发行。",
        "cancel": f"库存股于{when}注销。",
        "split": f"自{when}起，{CLASSES[one.entries[0].share if one.entries else '']}股份{_change(one)}。",
        "nominee": f"自{when}起代持。",
        "delegation": f"自{when}起委托行使表决权。{until}",
        "pool": f"自{when}起共同行使表决权。{until}",
        "end": f"编号{concerned}的文件所载事项已终止，{when}为终止后首日。",
        "withdraw": f"编号{concerned}的文件予以撤回。",
        "correct": f"编号{concerned}的文件第{one.entry}项，{ITEMS.get(one.item, '')}更正为"
        f"{_item(one, holder, 'prose') if one.form == 'correct' else ''}。",
    }[one.form]


def _entry(one: Filing, entry: Entry, holder: Holder) -> str:
    source = holder(entry.source, one, "prose") if entry.source else ""
    target = holder(entry.target, one, "prose") if entry.target else ""
    shares = f"{CLASSES[entry.share]}股份{_count(entry.count, one.no % 3 != 0)}"
    return {
        "return": f"{target}持有{shares}。",
        "issue": f"向{target}发行{shares}。",
        "cancel": f"注销{source}所持{shares}。",
        "transfer": f"{source}将{shares}转让予{target}。",
        "nominee": f"{source}代{target}持有{shares}。",
        "delegation": f"{source}将{shares}的表决权委托予{target}行使。",
        "pool": f"{target}。",
    }[one.form]
