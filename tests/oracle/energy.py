"""Energy and CO2 by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .facts import ASSESSMENT, CALORIFIC, HEAT_CO2, HEAT_TCE, in_product_unit, products, published_parameters, tce
from .world import World

FOSSIL = ("coal", "oil", "gas")
NONFOSSIL_SOURCES = {"solar", "wind", "hydro", "biomass", "waste"}
DELIVERED_ONLY = {"grid_nonfossil_share", "land_area"}


class Missing(Exception):
    """The value cannot be computed; the text says what is missing."""


def parameter(w: World, name: str, year: int) -> Fraction | None:
    """Delivered, else region's default, else `*`; else the nearest earlier year of any, else the nearest later."""
    sources = [{row["year"]: Fraction(row["value"]) for row in w.rows["region_parameters"] if row["parameter"] == name}]
    if name not in DELIVERED_ONLY:
        sources += [published_parameters().get((region, name), {}) for region in (w.region, "*")]
    years = sorted({known for source in sources for known in source})
    earlier, later = [y for y in years if y <= year], [y for y in years if y > year]
    if not years:
        return None
    serving = earlier[-1] if earlier else later[0]
    return next(source[serving] for source in sources if serving in source)


def needed(w: World, name: str, year: int) -> Fraction:
    value = parameter(w, name, year)
    if value is None:
        raise Missing(name)
    return value


@dataclass
class Totals:
    """Everything the ratios are made of, in tce, t, GJ and 万千瓦时."""

    total: Fraction = Fraction(0)
    nonfossil: Fraction | None = Fraction(0)
    fuel: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(FOSSIL, Fraction(0)))
    feedstock: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(FOSSIL, Fraction(0)))
    power_input: Fraction = Fraction(0)
    heat: Fraction = Fraction(0)
    direct: Fraction = Fraction(0)
    electricity: Fraction = Fraction(0)  # 万千瓦时
    co2: Fraction = Fraction(0)


def _quantities(w: World, months: set[date]) -> tuple[dict[str, Fraction], dict[str, Fraction], Totals]:
    used: dict[str, Fraction] = {}
    burnt_for_power: dict[str, Fraction] = {}
    out = Totals()
    for row in w.rows["energy_supply"]:
        if row["month"] in months:
            amount = in_product_unit(row["quantity"], row["unit"], row["product"])
            used[row["product"]] = used.get(row["product"], Fraction(0)) + amount
    for row in w.rows["energy_enterprise"]:
        if row["month"] not in months:
            continue
        product = row["product"]
        entry = products()[product]

        def amount(column: str, row: dict = row, product: str = product) -> Fraction:  # type: ignore[type-arg]
            return in_product_unit(row[column] or 0, row["unit"], product)

        if entry["balance"] == "enterprise":
            net = amount("consumption") - amount("transformation_output")
            used[product] = used.get(product, Fraction(0)) + net
        if entry["family"] in FOSSIL:
            out.feedstock[entry["family"]] += amount("feedstock") * tce(product)
            out.power_input += amount("power_input") * tce(product)
        burnt_for_power[product] = burnt_for_power.get(product, Fraction(0)) + amount("power_input")
    return used, burnt_for_power, out


def monthly(w: World, months: list[date]) -> Totals:
    """The totals of a window from the monthly feeds, parameters month by month."""
    used, burnt, out = _quantities(w, set(months))
    for product, amount in used.items():
        family = products()[product]["family"]
        if family in FOSSIL:
            out.fuel[family] += amount * tce(product)
        elif family == "heat":
            out.heat += amount
    for product, entry in products().items():
        # biogas and the like that enterprises burn for power is counted as their generation
        if entry["family"] == "nonfossil":
            out.direct += (used.get(product, Fraction(0)) - burnt.get(product, Fraction(0))) * tce(product)
    by_month = {month: _electricity(w, month) for month in months}
    out.electricity = sum((e for e, _, _ in by_month.values()), Fraction(0))
    nonfossil_made = sum((n for _, n, _ in by_month.values()), Fraction(0))
    fossil_made = sum((f for _, _, f in by_month.values()), Fraction(0))
    imports = out.electricity - nonfossil_made - fossil_made
    electricity_tce = Fraction(0)
    import_nonfossil: Fraction | None = Fraction(0)
    import_co2 = Fraction(0)
    nonfossil_made_tce = Fraction(0)
    for month, (e, n, f) in by_month.items():
        rate = 10 * needed(w, "power_coal_rate", month.year)
        electricity_tce += (e - f if out.electricity - fossil_made >= nonfossil_made else n) * rate
        nonfossil_made_tce += n * rate
        if imports > 0:
            share = parameter(w, "grid_nonfossil_share", month.year)
            if share is None or import_nonfossil is None:
                import_nonfossil = None
            else:
                import_nonfossil += (e - n - f) * share * rate
            import_co2 += (e - n - f) * 10 * needed(w, "grid_co2_factor", month.year)
    out.total = sum(out.fuel.values(), Fraction(0)) + out.heat * HEAT_TCE + out.direct + electricity_tce
    out.nonfossil = None if import_nonfossil is None else nonfossil_made_tce + import_nonfossil + out.direct
    out.co2 = _fuel_co2(out) + HEAT_CO2 * out.heat + import_co2
    return out


def _fuel_co2(t: Totals) -> Fraction:
    return sum((ASSESSMENT[family] * (t.fuel[family] - t.feedstock[family]) for family in FOSSIL), Fraction(0))


def _electricity(w: World, month: date) -> tuple[Fraction, Fraction, Fraction]:
    used = sum(
        (
            in_product_unit(row["quantity"], row["unit"], "electricity")
            for row in w.rows["energy_supply"]
            if row["month"] == month and row["product"] == "electricity"
        ),
        Fraction(0),
    )
    made = {True: Fraction(0), False: Fraction(0)}
    for row in w.rows["power_generation"]:
        if row["month"] == month:
            made[row["source"] in NONFOSSIL_SOURCES] += Fraction(row["generated"])
    return used, made[True], made[False]


BALANCE_TCE = {"吨标准煤": Fraction(1), "万吨标准煤": Fraction(10**4), "亿吨标准煤": Fraction(10**8)}
BALANCE_TCE["太瓦时"] = Fraction("12.29") * 10**4
KWH = {
    "万千瓦时": Fraction(1),
    "千瓦时": Fraction(1, 10**4),
    "兆瓦时": Fraction(1, 10),
    "亿千瓦时": Fraction(10**4),
    "太瓦时": Fraction(10**5),
}
GJ = {"吉焦": Fraction(1), "兆焦": Fraction(1, 1000)}


def balance(w: World, year: int) -> Totals:
    """The totals of a year from its energy balance."""
    items: dict[str, Fraction] = {}
    for row in w.rows["energy_balance"]:
        if row["year"] == year:
            table = {"electricity_import": KWH, "heat_import": GJ}.get(row["item"], BALANCE_TCE)
            items[row["item"]] = Fraction(row["quantity"]) * table[row["unit"]]
    out = Totals()
    for family in FOSSIL:
        out.fuel[family] = items.get(family, Fraction(0))
        out.feedstock[family] = items.get(f"feedstock_{family}", Fraction(0))
    out.heat, imports = items.get("heat_import", Fraction(0)), items.get("electricity_import", Fraction(0))
    import_tce = imports * 10 * needed(w, "power_coal_rate", year) if imports else Fraction(0)
    nonfossil = items.get("nonfossil", Fraction(0))
    out.total = sum(out.fuel.values(), Fraction(0)) + nonfossil + out.heat * HEAT_TCE + import_tce
    share = parameter(w, "grid_nonfossil_share", year)
    out.nonfossil = nonfossil if not imports else None if share is None else nonfossil + share * import_tce
    out.co2 = _fuel_co2(out) + HEAT_CO2 * out.heat
    if imports > 0:
        out.co2 += imports * 10 * needed(w, "grid_co2_factor", year)
    return out


def on_balance(w: World, year: int) -> bool:
    return any(scope[0] == year for scope in w.scopes["energy_balance"])


def totals(w: World, year: int) -> Totals:
    return balance(w, year) if on_balance(w, year) else monthly(w, [date(year, m, 1) for m in range(1, 13)])


def constant_value(w: World, item: str, year: int) -> Fraction:
    """万元 at 2020 prices, Q4 cumulative."""
    by_base: dict[int, dict[int, Fraction]] = {}
    for row in w.rows["national_accounts"]:
        if row["item"] == item and row["quarter"] == 4 and row["value_constant"] is not None:
            by_base.setdefault(row["price_base"], {})[row["year"]] = Fraction(row["value_constant"])
    in_2020 = by_base.get(2020, {})
    if year in in_2020:
        return in_2020[year]
    for base in sorted((b for b in by_base if b != 2020 and year in by_base[b]), reverse=True):
        both = sorted(set(by_base[base]) & set(in_2020))
        if both:
            return by_base[base][year] * in_2020[both[-1]] / by_base[base][both[-1]]
    raise Missing(f"constant value of {item}")


def industrial(w: World, year: int) -> Fraction:
    """tce that large industry used: feedstock and transformation output taken out."""
    out = Fraction(0)
    for row in w.rows["energy_enterprise"]:
        if row["month"].year == year:
            net = (
                Fraction(row["consumption"])
                - Fraction(row["feedstock"] or 0)
                - Fraction(row["transformation_output"] or 0)
            )
            out += in_product_unit(net, row["unit"], row["product"]) * tce(row["product"])
    return out


def building_parts(w: World, months: list[date]) -> tuple[Fraction, Fraction]:
    """(electricity, everything) in tce of commerce, public and residential."""
    electricity = everything = Fraction(0)
    for row in w.rows["energy_supply"]:
        if row["month"] in months and row["sector"] in ("commerce", "public", "residential"):
            amount = in_product_unit(row["quantity"], row["unit"], row["product"]) * tce(row["product"])
            everything += amount
            electricity += amount if row["product"] == "electricity" else 0
    return electricity, everything


def electrification_parts(t: Totals) -> tuple[Fraction, Fraction]:
    """(electricity, final energy) in tce at the calorific value."""
    electricity = t.electricity * CALORIFIC
    fuels = sum(t.fuel.values(), Fraction(0)) - t.power_input
    return electricity, fuels + t.heat * HEAT_TCE + t.direct + electricity
