"""Writes the minutes in two languages, the conventions and the staff list."""

from datetime import date

from _minutes_to_tasks_story import AFTER_NEXT, DAYS, MONTH_END, NEXT, ON, THIS, TOMORROW, WEEKS, Event, When

WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
ZH_DAYS = "一二三四五六日"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]  # fmt: skip
COUNTS = {1: ("one", "一"), 2: ("two", "两"), 3: ("three", "三"), 9: ("nine", "九"), 10: ("ten", "十"),
          12: ("twelve", "十二")}  # fmt: skip
TITLES = [
    ("double charge, Norvik Foods", "诺维克食品重复扣款"), ("credit note, Hartwell Mills", "哈特韦尔退款单"),
    ("missing VAT number", "缺税号"), ("dunning letters", "催款信"), ("rent deposit, Unit 7", "七号仓押金"),
    ("card reader in the shop", "门店刷卡机"), ("bank mandate form", "银行授权表"),
    ("price list for June", "六月价目表"), ("freight invoice from Antwerp", "安特卫普运费发票"),
    ("petty cash count", "备用金盘点"), ("supplier onboarding, Pinefold", "派恩福德供应商建档"),
    ("rounding in the export", "导出时的四舍五入"), ("travel advance", "差旅预支"), ("insurance renewal", "保险续期"),
    ("archive of paper invoices", "纸质发票归档"), ("direct debit returns", "退回的代扣"),
    ("exchange rate table", "汇率表"), ("leasing contract, forklifts", "叉车租赁合同"),
    ("audit samples", "审计抽样"), ("duplicate customer numbers", "客户编号重复"),
    ("customs refund", "关税退款"), ("framework contract, paper", "纸张框架合同"),
]  # fmt: skip
SAYINGS = {
    "assign": (
        ["{who} takes it, due {en}.", "goes to {who}, due {en}.", "{who} will do this, due {en}.",
         "{who} takes it, {zh}."],
        ["{who}负责，期限是{zh}。", "交给{who}，{zh}交。", "{who}来做，{zh}要好。", "{who}负责，due {en}。"],
    ),
    "wish": (
        ["{who} would like to see it done {en}, but nobody takes it for now.",
         "should really be done {en}, says {who}. No owner yet."],
        ["{who}希望{zh}能做完，但暂时没人接。", "{who}说最好{zh}弄好；还没定谁负责。"],
    ),
    "asked": (
        ["{who} asked {other} to take it; {other} is fully booked. Nobody has it for now.",
         "{who} wondered whether {other} could do it, {other} cannot. No owner."],
        ["{who}问{other}能不能做，{other}最近没空，先放着。", "{who}想让{other}来做，{other}说排不开，没定人。"],
    ),
    "talk": (
        ["talked it over, nothing decided.", "discussed at length; we come back to it."],
        ["讨论了一下，没有结论。", "聊了一会儿，下次再说。"],
    ),
    "handover": (
        ["{other} hands this over to {who}; date unchanged.", "{other} has no time left, {who} takes over. Same date."],
        ["{other}转给{who}，日期不变。", "{other}忙不过来，{who}接手，日期照旧。"],
    ),
    "delay": (
        ["put back by {count_en}, the bank is slow.", "we give it {count_en} more."],
        ["推迟{count_zh}。", "再往后延{count_zh}，等银行。"],
    ),
    "move": (["new date: {bare}.", "will not make it; moved to {bare}."], ["改到{zh}。", "来不及，改期到{zh}。"]),
    "done": (
        ["done.", "{who} has finished it, closed.", "closed, all sorted out."],
        ["已完成。", "{who}做完了，关闭。", "办好了，关闭。"],
    ),
    "nearly": (
        ["not done yet, we wait for {who} to sign.", "nearly done, one signature by {who} is missing."],
        ["还没完成，等{who}签字。", "快做完了，还差{who}一个签名。"],
    ),
    "dropped": (
        ["dropped, the customer has withdrawn.", "we drop this; not worth the effort."],
        ["取消，客户撤回了。", "不做了，不值得。"],
    ),
    "reopen": (
        ["not done after all, so it is open again: {who} as before, due {en}.",
         "came back from the bank. Open again, still {who}, due {en}."],
        ["其实没弄完，重新打开，还是{who}，期限是{zh}。", "被银行退回来了，重新打开，还是{who}做，{zh}交。"],
    ),
}  # fmt: skip
CORRECT = ["Correction to the minutes of {day_en}: {ref} went to {who}, not to {other}.",
           "更正{day_zh}的记录：{ref} 是交给{who}的，不是{other}。"]  # fmt: skip
CLEAR = [
    "{other} goes on parental leave tomorrow. {who} takes over whatever {other} still has open, except {ref}, which "
    "goes to {third}. All dates stay.",
    "{other}明天开始休长假。{other}手上还没完成的全部由{who}接手，只有 {ref} 交给{third}，日期都不变。",
]
NOISE = [
    "The printer on the second floor is being replaced; use the one by the kitchen.",
    "Please hand in your timesheets on Thursdays. 工时表请按时交。",
    "空调周末检修，电脑请关机。",
    "Visitors from the Leeds office next month, details to follow.",
    "食堂下个月起换菜单。",
    "New starter in the warehouse, introduced to everybody.",
]

CONVENTIONS = """# How we write minutes

Minutes are taken down as people speak, so English and Chinese stand side by side. Every matter has a ref such as
`{sample}`.

1. **What is a task.** A ref is a task from the meeting on in which somebody is given it. A ref that was only talked
   about, wished for or offered around, and that no meeting has given to anybody, is not a task and is on no list.
2. **Later minutes win.** What a meeting decides about a task replaces what was decided before; everything that it
   does not touch stays as it was. A task that is not mentioned again stands as it stood.
3. **Corrections.** A later meeting may correct earlier minutes. The correction is what holds.
4. **Handing over** changes the owner and nothing else. Whoever takes over what somebody "still has open" takes the
   tasks that are open at that moment; done and dropped ones stay with the owner they had.
5. **Status.** `open` until minutes say that it is done or that we drop it. A task that is open again is `open`.
6. **Days** are counted from the day of the meeting in whose minutes they stand. Weeks run from Monday to Sunday.
   - "this Friday", 本周五: the Friday of the week in which the meeting is
   - "next Wednesday", 下周三: the Wednesday of the following week, never the one of the same week
   - "Monday after next", 下下周一: the Monday of the week after the following one
   - "in ten days", 十天后, "in two weeks", 两周后: so many calendar days, or times seven days, after the meeting
   - and so for every other weekday and number
   - "at the end of the month", 月底: the last calendar day of the month in which the meeting is
   - a date without a year is in the year of the meeting
   - due dates that fall on a weekend or a holiday stay where they are
7. **Putting back** by a week or two (推迟, 往后延) counts from the due date that the task had, not from the meeting.
8. **People** are called as it comes; `staff.csv` has all the names we use. Some of them sound alike.
"""


def written(day: date) -> str:
    """Return a day such as ``7 April``."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def english(when: When, bare: bool = False) -> str:
    """Return a day as it is said in English; ``bare`` without a preposition."""
    weekday = WEEKDAYS[when.number % 7]
    if when.kind == ON:
        return written(when.day) if bare else f"on {written(when.day)}"
    return {
        NEXT: f"next {weekday}",
        THIS: f"this {weekday}",
        AFTER_NEXT: f"{weekday} after next",
        DAYS: f"in {COUNTS.get(when.number, ('', ''))[0]} days",
        WEEKS: f"in {COUNTS.get(when.number, ('', ''))[0]} weeks",
        MONTH_END: "at the end of the month",
        TOMORROW: "tomorrow",
    }[when.kind]


def chinese(when: When) -> str:
    """Return a day as it is said in Chinese."""
    weekday = ZH_DAYS[when.number % 7]
    if when.kind == ON:
        return f"{when.day.month}月{when.day.day}日"
    count = COUNTS.get(when.number, ("", ""))[1]
    return {
        NEXT: f"下周{weekday}",
        THIS: f"本周{weekday}",
        AFTER_NEXT: f"下下周{weekday}",
        DAYS: f"{count}天后",
        WEEKS: f"{count}周后",
        MONTH_END: "月底",
        TOMORROW: "明天",
    }[when.kind]


def spoken_name(rng, part, staff, zh):
    """Return one of the names that people use for somebody."""
    _, _, name, further = staff[part]
    if name and (zh or part in ("twin", "other") or rng.random() < 0.3):
        return name if rng.random() < 0.7 else further[0]
    return further[0]


def item(rng, event: Event, story) -> str:
    """Return the line of the minutes for an event."""
    zh = rng.random() < 0.5
    words = {"ref": event.ref}
    for key, part in (("who", event.who), ("other", event.other), ("third", event.third)):
        if part:
            words[key] = spoken_name(rng, part, story.staff, zh)
    if event.kind == "clear":
        return CLEAR[zh].format(**words)
    if event.kind == "correct":
        day = story.days[1]
        words.update(day_en=written(day), day_zh=f"{day.month}月{day.day}日")
        words["who"], words["other"] = story.staff["other"][2], story.staff["twin"][2]
        return CORRECT[zh].format(**words)
    if event.when:
        words.update(zh=chinese(event.when), en=english(event.when), bare=english(event.when, bare=True))
        one, ein = COUNTS.get(event.when.number, ("", ""))
        words.update(count_en="a week" if one == "one" else f"{one} weeks", count_zh=f"{ein}周")
    saying = rng.choice(SAYINGS[event.kind][zh]).format(**words)
    title = TITLES[story.titles[event.ref]][zh]
    return f"{event.ref} {title}：{saying}" if zh else f"{event.ref} ({title}): {saying}"


def minutes(rng, story, number: int, noise: list[str]) -> str:
    """Return the minutes of one meeting."""
    day, staff = story.days[number], story.staff
    parts = [part for part in staff if part != "leaver" or number < 2]
    present = ", ".join(spoken_name(rng, part, staff, False) for part in rng.sample(parts, len(parts)))
    lines = [item(rng, event, story) for event in story.events if event.meeting == number]
    cut = len(lines) // 2 + rng.randint(-1, 1)
    chair = staff["chair"][3][0]
    head = (
        f"# Accounts meeting 账务例会, {WEEKDAYS[day.weekday()]} {written(day)} {day.year}\n\n"
        f"Present 出席: {present}\nChair 主持: {chair}\n"
    )
    body = [("Old and new 旧账新账", lines[:cut]), ("More refs 其他事项", lines[cut:])]
    body.append(("Any other business 其他", noise))
    sections = (
        f"## {i}. {title}\n\n" + "".join(f"- {x}\n" for x in xs) for i, (title, xs) in enumerate(body, 1)
    )
    return head + "\n" + "\n".join(sections)


def staff_csv(rng, story) -> str:
    """Return the staff list."""
    rows = [f"{mail},{name},{own},{'; '.join(more)}" for mail, name, own, more in story.staff.values()]
    rng.shuffle(rows)
    return "\n".join(["email,name,chinese_name,also_called", *rows]) + "\n"
