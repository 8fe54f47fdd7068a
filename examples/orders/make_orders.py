#!/usr/bin/env python3
"""Writes an invented table of orders: the same bytes for the same arguments, on every machine.

usage: make_orders.py FILE [ROWS]        default: 200000 rows, 12 MB
A few customers buy much and many buy little, as customers do: the n-th largest of 1200 orders with odds that fall as
n^(-2/3). The table is as messy as tables are: money with symbols and thousands separators, returns in parentheses, rows
without a customer or an amount.
"""

import random
import sys

FIRST = ("Alder", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbor", "Iris", "Juniper", "Krone", "Linden")
LAST = ("Foods", "Logistics", "Mills", "& Söhne", "Partners", "Optics", "Retail", "Supply", "Textiles", "Works")
REGIONS = ("North", "South", "East", "West")
PRODUCTS = ("Paper", "Lamps", "Chairs", "Phones", "Desks", "Binders", "Cables")
CUSTOMERS = 1200
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def money(cents: int) -> str:
    text = f"${abs(cents) // 100:,}.{abs(cents) % 100:02d}"
    return f"({text})" if cents < 0 else text


def main() -> None:
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    dice = random.Random(20240229).random  # the only source of chance, and the same in every Python

    def pick(values):
        return values[int(dice() * len(values))]

    names = [f"{pick(FIRST)} {pick(LAST)} {number:04d}" for number in range(CUSTOMERS)]
    with open(sys.argv[1], "w", encoding="utf-8", newline="\r\n") as out:
        out.write("Order ID,Order Date,Customer,Region,Product,Revenue\n")
        for number in range(rows):
            rank = int(CUSTOMERS * dice() ** 3)
            customer = names[rank] if dice() > 0.002 else ""
            month = int(dice() * 12)
            date = f"{2022 + int(dice() * 3)}-{month + 1:02d}-{int(dice() * DAYS[month]) + 1:02d}"
            cents = int(900 * (1 - dice()) ** -0.6)
            amount = money(-cents if dice() < 0.01 else cents) if dice() > 0.003 else ""
            quoted = f'"{amount}"' if "," in amount else amount
            out.write(f"{number + 1:07d},{date},{customer},{pick(REGIONS)},{pick(PRODUCTS)},{quoted}\n")


if __name__ == "__main__":
    main()
