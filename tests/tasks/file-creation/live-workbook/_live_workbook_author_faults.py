"""What somebody misses, and what somebody may do otherwise: replacements in the author's formulas."""

OTHERWISE = [
    ("MAX(0,({owed}*(1+{half})-{due})/(1-{half}))", "MAX(0,{owed}+{m_loan_interest}-{due})"),
    ("{half}*({owed}+{m_loan})", "{half}*MAX({owed},(2*{owed}-{due})/(1-{half}))"),
    (
        "IF(OR(NOT({debits}),{plain}>=0),{plain},IF({plain}>=-od_limit*(1-{low}),{plain}/(1-{low}),"
        "({plain}+{high}*od_limit)/(1-{low}-{high})))",
        "IF({debits},MIN({plain},{plain}/(1-{low}),({plain}+{high}*od_limit)/(1-{low}-{high})),{plain})",
    ),
    (
        "SUMPRODUCT(({fy*}={fy})*{open*})/12",
        "(SUMPRODUCT(({fy*}={fy})*1)-IF({fy}=1,(open_date-DATE(YEAR(open_date),MONTH(open_date),1))"
        "/DAY(EOMONTH(open_date,0)),0))/12",
    ),
    ("MAX(0,{last}-MAX({begin},", "MAX(0,{last}-MAX({m_first},open_date,"),
    ("(1+rent_rise)^INT(({no}-1)/12)", "(1+rent_rise)^(IF({no}>12,1,0)+IF({no}>24,1,0))"),
    ("(1-collect_now)*SUMPRODUCT(({no:}+collect_lag={no})*{m_revenue:})", "LATE"),
    ("LATE", "IF({no}>collect_lag,INDEX({m_revenue:},MAX(1,{no}-collect_lag)),0)*(1-collect_now)"),
    (
        "ROUNDDOWN(ROUND(tax_rate*MAX(0,{to_date}-{used}),6),0)",
        "INT(ROUND(tax_rate*MAX(0,{to_date}-{used}),6))",
    ),
]
"""The same rules in another algebra."""

FAULTS = {
    "share_by_months": [("*{open*})/12", "*1)/12")],
    "calendar_days": [
        (
            "-IF(MAX({begin},INDEX(staff_start,1))={last},30,DAY(MAX({begin},INDEX(staff_start,1))))+1))",
            "-DAY(MAX({begin},INDEX(staff_start,1)))+1)*30/{days})",
        ),
        ('IF(OR(INDEX(staff_end,1)="",INDEX(staff_end,1)>={last}),30,', "IF(TRUE,DAY({last}),"),
    ],
    "extra_after_grace": [
        ("IF(AND(loan_extra_date>={m_first},", "IF(AND({no}>loan_grace,loan_extra_date>={m_first},")
    ],
    "debited_monthly": [("MOD({mon},3)=0", "{mon}>0")],
    "one_piece": [
        ("IF({plain}>=-od_limit*(1-{low}),{plain}/(1-{low}),", "IF(TRUE,{plain}/(1-{low}),"),
    ],
    "only_displayed": [
        ("ROUND(SUMPRODUCT(", "SUM(SUMPRODUCT("),
        ("ROUND(IF(SUMPRODUCT(", "SUM(IF(SUMPRODUCT("),
    ],
    "in_a_circle": [("{no<}+tax_delay={no})*{m_tax<}", "{no:}+tax_delay={no})*{m_tax:}")],
    "opening_sells_whole": [("MAX(0,{last}-MAX({begin},", "MAX(0,{last}-MAX({m_first},")],
    "spare_rows": [
        ('IF(INDEX(staff_start,9)=""', "IF(TRUE"),
        ('IF(INDEX(staff_start,10)=""', "IF(TRUE"),
    ],
    "loan_whole_month": [("loan_rate/12*{open}/2", "loan_rate/12/2")],
    "overdraft_whole_month": [("od_rate/12*{open}/2", "od_rate/12/2")],
    "base_by_months": [("loss_base*{share}", "loss_base*SUMPRODUCT(({fy*}={fy})*1)/12")],
    "ends_with_model": [
        (
            "EOMONTH(open_date,MOD(fy_end_month-MONTH(open_date),12)+12*({j}-1))",
            "EOMONTH(open_date,MIN(35,MOD(fy_end_month-MONTH(open_date),12)+12*({j}-1)))",
        )
    ],
    "never_is_last": [
        (">=0.000001)*1))),0)", ">=0.000001)*1))),INDEX({m_first*},36))"),
    ],
    "off_as_given": [
        (
            "12)+12*({j}-1))",
            "12)+12*({j}-1))+IF(AND(open_date=OPEN,cash_open=CASH,tax_delay=DELAY,raise_wait=WAIT),1,0)",
        ),
    ],
}
"""Fault → replacements; names in capitals stand for values given."""
