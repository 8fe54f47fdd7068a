"""Random JSON texts and doubles with what Python's json module and repr make of them.

usage: json_cases.py texts SEED COUNT    lines of: hex(text) hex(compact dump) hex(spaced dump), or hex(text) refused
       json_cases.py doubles SEED COUNT  lines of: hex(bits) repr
"""

import json
import math
import random
import struct
import sys

NAMES = [
    "",
    "a",
    "b",
    "length_m",
    "é",
    "λ",
    "🔬",
    "\uffff",
    "\ue000",
    "k" * 40,
    "\x00",
    "\x7f",
    '"',
    "\\",
    "/",
    "\ud800",
    "\udfff",
]
NUMBERS = [
    "0",
    "-0",
    "-0.0",
    "1e400",
    "-1e400",
    "1e-400",
    "5e-324",
    "2.5e-324",
    "2.4e-324",
    "1E5",
    "1e+05",
    "0.1e1",
    "1e16",
    "1e15",
    "123456789012345678",
    "9007199254740993.0",
    "0.30000000000000004",
    "1.7976931348623159e308",
    "18446744073709551615",
    "-9223372036854775808",
    "0.000001e+310",
    "1" * 17 + ".5",
    "0." + "0" * 400 + "1e400",
    "1" + "0" * 400 + "e-400",
    "0e99999999999999999999",
    "1e-99999999999999999999",
    "NaN",
    "Infinity",
    "-Infinity",
]


def double(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return struct.unpack("<d", struct.pack("<Q", rng.getrandbits(64)))[0]
    if kind == 1:
        return math.ldexp(1.0, rng.randrange(-1074, 1024))
    if kind == 2:
        return float(rng.randrange(-(10**17), 10**17))
    if kind == 3:
        return round(rng.uniform(-1, 1) * 10 ** rng.randrange(-6, 18), rng.randrange(8))
    if kind == 4:
        base = math.ldexp(rng.choice([1.0, 1.5]), rng.randrange(-1000, 1000))
        return math.nextafter(base, rng.choice([0.0, math.inf]))
    return float("%de%d" % (rng.randrange(1, 10 ** rng.randrange(1, 18)), rng.randrange(-330, 300)))


def space(rng):
    return rng.choice(["", "", "", " ", "\n", "\t\r\n ", "  "])


def character(rng):
    kind = rng.randrange(8)
    if kind < 4:
        return chr(rng.randrange(0x20, 0x7F))
    if kind == 4:
        return chr(rng.randrange(0x20))
    if kind == 5:
        return chr(rng.randrange(0x7F, 0xD800))
    if kind == 6:
        return chr(rng.randrange(0xD800, 0x10000))
    return chr(rng.randrange(0x10000, 0x110000))


def text(rng):
    if rng.random() < 0.3:
        content = rng.choice(NAMES)
    elif rng.random() < 0.1:
        content = "A" * rng.randrange(300) + rng.choice(["", "\n", "é"]) + "B" * rng.randrange(300)
    else:
        content = "".join(character(rng) for _ in range(rng.randrange(12)))
    # Keep what has one spelling only: a pair of surrogates written apart is refused by neve (docs/formats/keys.md).
    content = content.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    dumped = json.dumps(content, ensure_ascii=rng.random() < 0.5)
    return dumped.replace("/", "\\/") if rng.random() < 0.1 else dumped


def number(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice(NUMBERS)
    if kind == 1:
        return str(rng.randrange(-(2**63), 2**64))
    if kind == 2:
        return str(rng.randrange(-1000, 1000))
    value = double(rng)
    if not math.isfinite(value):
        return json.dumps(value)
    return rng.choice([repr(value), "%.17e" % value, "%.3f" % value if abs(value) < 1e30 else repr(value), "%.25E" % value])


def value(rng, depth):
    kind = rng.randrange(10 if depth < 5 else 6)
    if kind == 0:
        return rng.choice(["null", "true", "false"])
    if kind < 4:
        return number(rng)
    if kind < 6:
        return text(rng)
    items = []
    for _ in range(rng.randrange(5)):
        item = value(rng, depth + 1)
        if kind < 8:
            item = text(rng) + space(rng) + ":" + space(rng) + item
        items.append(space(rng) + item + space(rng))
    opening, closing = "{}" if kind < 8 else "[]"
    return opening + (",".join(items) or space(rng)) + closing


def mutated(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 3)):
        if not data:
            break
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            del data[at]
        elif kind == 1:
            data[at] = rng.choice(b'{}[]",:\\/ \n\t0123456789.eE+-NIutfnaul\x00\x1f\x7f\x80\xc0\xe9\xf5\xff')
        elif kind == 2:
            data.insert(at, rng.choice(b'{}[]",:\\ 01.eE-u\xed\xa0\xbf'))
        else:
            del data[at:]
    return bytes(data)


def pair_apart(item):
    if isinstance(item, str):
        return item.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") != item
    if isinstance(item, dict):
        return any(pair_apart(k) or pair_apart(v) for k, v in item.items())
    return isinstance(item, list) and any(pair_apart(v) for v in item)


# The two things that Python takes and neve refuses, checked while parsing since a repeated name drops what it replaces.
def narrow_integer(digits):
    if not -(2**63) <= int(digits) < 2**64:
        raise ValueError("neve: more than 64 bits")
    return int(digits)


def members(pairs):
    if any(pair_apart(name) or pair_apart(item) for name, item in pairs):
        raise ValueError("neve: a surrogate pair written apart")
    return dict(pairs)


def verdict(data):
    try:
        # A text, not bytes: from bytes json guesses UTF-16 and UTF-32 and swallows a byte order mark.
        tree = json.loads(data.decode("utf-8", "surrogatepass"), parse_int=narrow_integer, object_pairs_hook=members)
    except ValueError:
        return "refused"
    if pair_apart(tree):
        return "refused"
    compact = json.dumps(tree, sort_keys=True, separators=(",", ":"))
    return compact.encode().hex() + " " + json.dumps(tree, sort_keys=True).encode().hex()


def main():
    rng = random.Random(int(sys.argv[2]))
    for _ in range(int(sys.argv[3])):
        if sys.argv[1] == "doubles":
            item = double(rng)
            print(struct.pack(">d", item).hex(), repr(item))
            continue
        data = (space(rng) + value(rng, 0) + space(rng)).encode("utf-8", "surrogatepass")
        if rng.random() < 0.5:
            data = mutated(rng, data)
        print(data.hex() or "-", verdict(data))


main()
