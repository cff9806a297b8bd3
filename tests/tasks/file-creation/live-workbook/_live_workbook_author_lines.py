"""The author's formulas, by line. A line has a cell for each month.

In a formula ``{x}`` is the cell of line x of the same month, ``{x-}`` of the month before, ``{x+}`` of the one after,
``{x<}`` the range of all months before and ``{x:}`` of all up to this one, ``{x*}`` of all.
"""

from __future__ import annotations

PEOPLE, PRODUCTS = range(1, 11), range(1, 4)
CRUMB = "0.000001"
"""What is nearer than this is the same amount, however it was reckoned."""


def lines():
    """Return the lines: name → (sheet, formula of month 1, of the later months, of month 36)."""
    return {**_calendar(), **_sales(), **_staff(), **_loan(), **_tax_before_cash(), **_cash(), **_tax()}


def _same(sheet, formula):
    return sheet, formula, formula, formula


def _after(sheet, first, later):
    return sheet, first, later, later


def _calendar():
    return {
        "m_first": _after("Months", "DATE(YEAR(open_date),MONTH(open_date),1)", "EDATE({m_first-},1)"),
        "no": _after("Calendar", "0+1", "{no-}+1"),
        "last": _same("Calendar", "EOMONTH({m_first},0)"),
        "begin": _same("Calendar", "MAX({m_first},open_date)"),
        "days": _same("Calendar", "{last}-{m_first}+1"),
        "open": _same("Calendar", "({last}-{begin}+1)/{days}"),
        "year": _same("Calendar", "YEAR({m_first})"),
        "mon": _same("Calendar", "MONTH({m_first})"),
        "fy": _after("Calendar", "0+1", "{fy-}+IF({mon-}=fy_end_month,1,0)"),
        "closes": _same("Calendar", "OR({mon}=fy_end_month,{no}=36)"),
        "share": _same("Calendar", "SUMPRODUCT(({fy*}={fy})*{open*})/12"),
    }


def _sales():
    found = {f"limit_{k}": _same("Sales", f"ROUND(INDEX(tier_above,{k})*{{share}},0)") for k in (2, 3, 4)}
    for p in PRODUCTS:
        launch = f"INDEX(product_launch,{p})"
        found |= {
            f"sold_{p}": _same("Sales", f"MAX(0,{{last}}-MAX({{begin}},{launch})+1)"),
            f"age_{p}": _same("Sales", f"{{year}}*12+{{mon}}-YEAR({launch})*12-MONTH({launch})"),
            f"years_{p}": _same("Sales", f"INT(MAX(0,{{age_{p}}}-IF(DAY({launch})>1,1,0))/12)"),
            f"units_{p}": _same(
                "Sales",
                f"ROUND(INDEX(product_units,{p})*(1+INDEX(product_growth,{p}))^{{years_{p}}}*{{sold_{p}}}/{{days}},0)",
            ),
            f"price_{p}": _after(
                "Sales",
                f"INDEX(product_price,{p})",
                f"IF({{mon}}=1,ROUND({{price_{p}-}}*(1+price_rise),2),{{price_{p}-}})",
            ),
            f"count_{p}": _after(
                "Sales", f"{{units_{p}}}", f"IF({{fy}}={{fy-}},{{count_{p}-}},0)+{{units_{p}}}"
            ),
            f"rebated_{p}": _same("Sales", _rebated(f"{{count_{p}}}")),
            f"revenue_{p}": _after(
                "Sales",
                f"{{price_{p}}}*({{units_{p}}}-IF(AND({{age_{p}}}>=0,{{age_{p}}}<=2),0,{{rebated_{p}}}))",
                f"{{price_{p}}}*({{units_{p}}}-IF(AND({{age_{p}}}>=0,{{age_{p}}}<=2),0,"
                f"{{rebated_{p}}}-IF({{fy}}={{fy-}},{{rebated_{p}-}},0)))",
            ),
        }
    plus = "+".join
    found["m_units"] = _same("Months", plus(f"{{units_{p}}}" for p in PRODUCTS))
    found["m_revenue"] = _same("Months", plus(f"{{revenue_{p}}}" for p in PRODUCTS))
    found["m_goods"] = _same("Months", plus(f"{{units_{p}}}*INDEX(product_cost,{p})" for p in PRODUCTS))
    return found


def _rebated(count):
    tops = ["{limit_2}", "{limit_3}", "{limit_4}"]
    parts = [f"INDEX(tier_rebate,1)*MIN({count},{tops[0]})"]
    for k in (2, 3):
        parts.append(f"INDEX(tier_rebate,{k})*MAX(0,MIN({count},{tops[k - 1]})-{tops[k - 2]})")
    return "+".join([*parts, f"INDEX(tier_rebate,4)*MAX(0,{count}-{tops[2]})"])


def _staff():
    found = {}
    for i in PEOPLE:
        start, end = f"INDEX(staff_start,{i})", f"INDEX(staff_end,{i})"
        first = f"MAX({{begin}},{start})"
        found |= {
            f"paid_{i}": _same(
                "Staff",
                f'IF({start}="",0,IF(OR({start}>{{last}},AND({end}<>"",{end}<{{begin}})),0,'
                f'IF(OR({end}="",{end}>={{last}}),30,DAY({end}))-IF({first}={{last}},30,DAY({first}))+1))',
            ),
            f"raised_{i}": _after(
                "Staff",
                "1+0",
                f"{{raised_{i}-}}*IF(AND({{mon}}=raise_month,{start}<=EDATE({{m_first}},-raise_wait)),1+raise_rate,1)",
            ),
            f"pay_{i}": _same("Staff", f"INDEX(staff_salary,{i})/12*{{paid_{i}}}/30*{{raised_{i}}}"),
            f"sum_{i}": _after("Staff", f"{{pay_{i}}}", f"IF({{year}}={{year-}},{{sum_{i}-}},0)+{{pay_{i}}}"),
            f"cap_{i}": _after(
                "Staff",
                f"IF({{paid_{i}}}>0,social_cap/12,0)",
                f"IF({{year}}={{year-}},{{cap_{i}-}},0)+IF({{paid_{i}}}>0,social_cap/12,0)",
            ),
        }
    found["m_pay"] = _same("Months", "+".join(f"{{pay_{i}}}" for i in PEOPLE))
    found["base"] = _same("Staff", "+".join(f"MIN({{sum_{i}}},{{cap_{i}}})" for i in PEOPLE))
    found["m_social"] = _after(
        "Months", "social_rate*{base}", "social_rate*({base}-IF({year}={year-},{base-},0))"
    )
    found["m_heads"] = _same(
        "Months",
        'SUMPRODUCT((staff_start<>"")*(staff_start<={last})*((staff_end="")+(staff_end>={last})*(staff_end<>"")))',
    )
    found["m_rent"] = _same("Months", "rent*{open}*(1+rent_rise)^INT(({no}-1)/12)")
    return found


def _loan():
    return {
        "owed": _after("Bank", "loan_amount", "{m_loan-}"),
        "half": _same("Bank", "loan_rate/12*{open}/2"),
        "due": _same(
            "Bank",
            "IF({no}>loan_grace,loan_pay,0)+IF(AND(loan_extra_date>={m_first},loan_extra_date<={last}),loan_extra,0)",
        ),
        "m_loan": _same("Months", "MAX(0,({owed}*(1+{half})-{due})/(1-{half}))"),
        "m_loan_interest": _same("Months", "{half}*({owed}+{m_loan})"),
        "loan_paid": _same("Bank", "{owed}+{m_loan_interest}-{m_loan}"),
    }


def _tax_before_cash():
    return {
        "tax_paid": _after("Bank", "0+0", "SUMPRODUCT(({no<}+tax_delay={no})*{m_tax<})"),
    }


def _cash():
    costs = "{m_goods}-{m_pay}-{m_rent}-{loan_paid}-{tax_paid}"
    late = "(1-collect_now)*SUMPRODUCT(({no:}+collect_lag={no})*{m_revenue:})"
    return {
        "before": _after("Bank", "cash_open", "{m_cash-}"),
        "flow": _after(
            "Bank",
            f"loan_amount+collect_now*{{m_revenue}}-{costs}",
            f"collect_now*{{m_revenue}}+{late}-{costs}-{{m_social-}}",
        ),
        "low": _same("Bank", "od_rate/12*{open}/2"),
        "high": _same("Bank", "od_extra/12*{open}/2"),
        "head": _same("Bank", "{low}*MAX(0,-{before})+{high}*MAX(0,-{before}-od_limit)"),
        "debits": _same("Bank", "MOD({mon},3)=0"),
        "accrued": _after("Bank", "0+0", "IF({debits-},0,{accrued-}+{m_od_interest-})"),
        "plain": _same("Bank", "{before}+{flow}-IF({debits},{accrued}+{head},0)"),
        "m_cash": _same(
            "Months",
            "IF(OR(NOT({debits}),{plain}>=0),{plain},IF({plain}>=-od_limit*(1-{low}),{plain}/(1-{low}),"
            "({plain}+{high}*od_limit)/(1-{low}-{high})))",
        ),
        "lowest": _same("Bank", f"IF({{m_cash}}-low_cash<{CRUMB},1,0)"),
        "m_od_interest": _same("Months", "{head}+{low}*MAX(0,-{m_cash})+{high}*MAX(0,-{m_cash}-od_limit)"),
    }


def _tax():
    found = {
        "profit": _same(
            "Tax", "{m_revenue}-{m_goods}-{m_pay}-{m_social}-{m_rent}-{m_loan_interest}-{m_od_interest}"
        ),
        "to_date": _after("Tax", "{profit}", "IF({fy}={fy-},{to_date-},0)+{profit}"),
        "free": _same("Tax", "loss_base*{share}"),
        "room": _same(
            "Tax",
            "IF({closes},MAX(0,MIN({to_date},{free}+loss_share*MAX(0,{to_date}-{free}))),0)",
        ),
    }
    for k in range(4):
        taken = "".join(f"-{{use_{n}}}" for n in range(k))
        start = "loss_brought" if k == 0 else "0"
        use = f"MIN({{room}}{taken},IF({{fy}}-{k}<=loss_years,BEFORE,0))"
        left = f"IF(AND({{closes}},{{fy}}={k}),MAX(0,-{{to_date}}),BEFORE-{{use_{k}}})"
        found[f"use_{k}"] = _after(
            "Tax", use.replace("BEFORE", start), use.replace("BEFORE", f"{{loss_{k}-}}")
        )
        found[f"loss_{k}"] = _after(
            "Tax", left.replace("BEFORE", start), left.replace("BEFORE", f"{{loss_{k}-}}")
        )
    found["loss_4"] = _same("Tax", "IF(AND({closes},{fy}=4),MAX(0,-{to_date}),0)")
    found["used"] = _same("Tax", "{use_0}+{use_1}+{use_2}+{use_3}")
    usable = "+".join(f"IF({{fy}}+1-{k}<=loss_years,{{loss_{k}}},0)" for k in range(5))
    found["left"] = _same("Tax", f"IF({{closes}},{usable},0)")
    found["m_tax"] = _same("Months", "IF({closes},ROUNDDOWN(ROUND(tax_rate*MAX(0,{to_date}-{used}),6),0),0)")
    steady = f"IF({{profit}}-{{m_tax}}>{CRUMB},1,0)"
    found["steady"] = ("Tax", steady + "*{steady+}", steady + "*{steady+}", steady)
    return found


def years():
    """Return the formulas of PnL for each FY, where ``{j}`` is its number and ``{x*}`` all cells of a line."""
    in_year = "({fy*}={j})"
    costs = "{m_goods*}+{m_pay*}+{m_social*}+{m_rent*}"
    interest = "{m_loan_interest*}+{m_od_interest*}"
    found = {
        "fy_end": "EOMONTH(open_date,MOD(fy_end_month-MONTH(open_date),12)+12*({j}-1))",
        "fy_months": f"SUMPRODUCT({in_year}*1)",
    }
    amounts = {
        "revenue": "{m_revenue*}",
        "costs": f"({costs})",
        "interest": f"({interest})",
        "profit": f"({{m_revenue*}}-({costs})-({interest}))",
        "tax": "{m_tax*}",
        "net": f"({{m_revenue*}}-({costs})-({interest})-{{m_tax*}})",
        "loss_used": "{used*}",
    }
    found |= {f"fy_{name}": f"ROUND(SUMPRODUCT({in_year}*{what}),0)" for name, what in amounts.items()}
    beyond = "+".join(f"IF({{j}}+1-{k}<=loss_years,INDEX({{loss_{k}*}},36),0)" for k in range(5))
    left = f"SUMPRODUCT({in_year}*{{left*}})"
    found["fy_loss_left"] = f"ROUND(IF(SUMPRODUCT({in_year}*1)=0,{beyond},{left}),0)"
    return found


def keys():
    """Return the formulas of the key figures."""
    owing = f"MIN(35,SUMPRODUCT(({{m_loan*}}>={CRUMB})*1))"
    return {
        "low_cash": "MIN({m_cash*})",
        "low_month": "INDEX({m_first*},MATCH(1,{lowest*},0))",
        "loan_end": f"IF(MIN({{m_loan*}})<{CRUMB},INDEX({{m_first*}},1+{owing}),0)",
        "steady_month": "IF(SUM({steady*})=0,0,INDEX({m_first*},37-SUM({steady*})))",
    }
