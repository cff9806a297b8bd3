"""The text of detect.md: what a live credential is, where it may hide, and how it is replaced."""

DETECT = """\
# Finding and removing our credentials

All paths are as seen from the folder of this file. `tree/` is the code, `revoked.txt` and `names.csv` are lists.

## The three types

| type | form | check |
|---|---|---|
| `deploy` | `dpk_`, 28 letters or digits, then 4 check characters (`0`-`9`, `a`-`f`) | the check characters \
are the first four of the hexadecimal SHA-256 of the 28 characters |
| `ledger` | `LG-dddd-dddd-dddd-dddd`, d a digit | the 16 digits pass the Luhn check: double the 1st, 3rd, 5th … 15th \
digit, subtract 9 from what is above 9, add the other digits; the sum is a multiple of 10 |
| `relay` | `rly/`, 20 characters (`a`-`z`, `2`-`7`), `/`, 2 check digits | add up place x value of the 20 characters \
(places from 1; `a` = 0 … `z` = 25, `2` = 26 … `7` = 31); the check digits are that sum modulo 97 |

A token is never part of a longer word: right before and right after it there is no letter, digit, `_` or `-`.

## Which are live

A token is live if its check is right and it is neither of these:

- an example key: the tokens listed in `tree/docs/example-keys.md` open nothing, wherever they stand;
- revoked: `revoked.txt` lists the fingerprints of revoked tokens. A fingerprint is the first 16 characters of the
  hexadecimal SHA-256 of the token.

Nothing else makes a token harmless. Age, place and remarks do not count, and no file or folder is left out.

## Where they stand

Besides standing in a file as they are, tokens occur in these forms:

1. **Base64**: a word of the standard alphabet with its padding, on one line, that decodes to a token or to
   `user:TOKEN`.
2. **Continued lines**: in `.sh` and `.env` files a line may end with a backslash. The token then goes on with the
   first character of the next line.
3. **JSON**: in `.json` and `.ipynb` files a slash inside a string may be written `\\/`.

## The report

`secrets.json` is a list with one object for each place where a live token stands, also if the same token stands in
several places: `path` (like `tree/docs/001.md`), `line` and `type`. The line is the one at which the token (or its
Base64 word) begins, counted from 1 in the file as you got it. The report itself must not contain any token, in no form.

## The replacement

Each live token is replaced by `${NAME}`, without any quotes of your own. NAME stands in `names.csv` by folder and
type; where several folders contain the file, the longest one counts.

- Base64: the whole word is replaced, a user name in it included.
- Continued lines: what is replaced reaches from the first to the last character of the token, with backslash
  and line break, so that the two lines become one.
- JSON: the token is replaced as it is written there, with the backslashes inside it.

Everything else stays as it is: tokens that are not live, the other files, and all other characters of the files with
live tokens.
"""
