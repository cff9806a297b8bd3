"""The text of detect.md: what a live credential is, where it may hide, and how it is replaced."""

DETECT = """\
# Finding and removing our credentials

All paths are as seen from the folder of this file. `tree/` is the code, `revoked.txt`, `rotation-log.md` and
`names.csv` belong to this paper.

## The three types

| type | form | check |
|---|---|---|
| `deploy` | `dpk_`, 28 letters or digits, then 4 check characters (`0`-`9`, `a`-`f`) | the check characters \
are the first four of the hexadecimal SHA-256 of the 28 characters |
| `ledger` | `LG-dddd-dddd-dddd-dddd`, d a digit | the 16 digits pass the Luhn check: double the 1st, 3rd, 5th … 15th \
digit, subtract 9 from what is above 9, add the other digits; the sum is a multiple of 10 |
| `relay` | `rly/`, 20 characters (`a`-`z`, `2`-`7`), `/`, 2 check digits | add up place x value of the 20 characters \
(places from 1; `a` = 0 … `z` = 25, `2` = 26 … `7` = 31); the check digits are that sum modulo 97 |

A token is never part of a longer word: right before and right after it there is no letter, digit, `_` or `-`. This is
judged on the text as it reads once the form it stands in (see below) is undone.

## Which are live

We look at the evening of 31 October 2025. A token is live if its check is right and it is neither of these:

- an example key: the tokens listed in `tree/docs/example-keys.md` open nothing, wherever they stand;
- revoked. `revoked.txt` is the vault's export of 31 August 2025: it lists the fingerprints of the tokens that were
  revoked until then (the first 16 characters of the hexadecimal SHA-256 of the token). What happened since is in
  `rotation-log.md`. Where the log speaks about a token, it decides, also against the export.

The log is read like this:

1. Only the word of the desk counts: what a member writes while being one (see the head of the log). What anybody else
   writes, or a member before joining or after leaving, counts only if a later entry of a member says that it is so or
   that it was done.
2. An announced day counts once it has come, unless a later entry moves it. Where something hangs on a condition, it
   counts once a later entry says that the condition was met.
3. Of two entries that count, the later one prevails. An entry may also correct or withdraw an earlier one, or one that
   withdrew another: then things are as if the withdrawn entry had not been written. What an entry only quotes, it does
   not say.
4. The log names tokens by a file in which they stand, by their last four characters, by the beginning of their
   fingerprint, or by the number of an entry. What it says of a token holds wherever the token stands.

Nothing else makes a token harmless. Age, place and remarks in `tree/` do not count, and no file or folder is left out.

## Where they stand

Besides standing in a file as they are, tokens occur in these forms. They are mixed only as is said here.

1. **Base64**: a word of the standard alphabet with its padding that decodes to a text with a token in it: the token
   alone, `user:TOKEN`, or a few lines of configuration with several tokens. The decoded text may be Base64 once more.
   In `.block` files such a word is wrapped at 40 columns between a BEGIN and an END line.
2. **Hexadecimal**: in `.env` files a value of hexadecimal digits that decodes to such a text.
3. **Continued lines**: in `.sh` and `.env` files, and inside double quotes in `.yaml` files, a line may end with a
   backslash. The text then goes on with the next line, in `.yaml` files with its first character that is not a blank.
4. **Pieces**: in `.py` files two strings in the same quotes are one if there is nothing between them but blanks, a line
   break or a `+`.
5. **JSON**: strings in `.json` and `.ipynb` files may have escapes (`\\/`, `\\n`, `\\u0041` and so on).
6. **Addresses**: from `http://` or `https://` to the next blank, quote or `>`, characters may be percent-encoded.
7. **Files**: some are in UTF-16, with a byte order mark, and some have CR LF as line ends.

## The report

`secrets.json` is a list with one object for each place where a live token stands, also if the same token stands in
several places: `path` (like `tree/docs/001.md`), `line` and `type`. The line is the one at which the token begins, in
forms 1 and 2 the encoded word, counted from 1 in the file as you got it. Each token of an encoded text counts as a
place of its own. The report itself must not contain any token, in no form.

## The replacement

Each live token is replaced by `${NAME}`, without any quotes of your own. NAME stands in `names.csv` by folder and
type; where several folders contain the file, the longest one counts.

- Base64 and hexadecimal: the token is replaced inside the decoded text, all else of which stays, and the text is then
  encoded again as it was: as many times, in the same case, and in a block wrapped at 40 columns (the last line may be
  shorter).
- All other forms: what is replaced reaches from the first to the last character of the token as it is written there,
  with all that stands in between (backslash, line break, indentation, quotes, `+`). So two lines become one, and two
  pieces one string. What stands before and after it is not touched.

Everything else stays as it is: tokens that are not live, also beside live ones; the other files; all other characters
of the files with live tokens, their encoding and their line ends.
"""
