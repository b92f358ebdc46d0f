import { format } from "d3-format";

const minus = "\u2212";
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const notANumber = "n/a";

const withMinus = (text: string): string => text.replaceAll("-", minus);
const raised = (exponent: number): string =>
  `${exponent < 0 ? "⁻" : ""}${String(Math.abs(exponent)).replace(/\d/gu, (digit) => superscripts[Number(digit)] ?? "")}`;

/** A power of ten with one digit before it: 2·10⁻⁶. */
function scientific(x: number): string {
  const [mantissa = "0", exponent = "0"] = x.toExponential(0).split("e");
  return withMinus(`${mantissa}·10${raised(Number(exponent))}`);
}

/** A sample's value as people write it: integers whole, others with four significant digits or two decimals, very large or small ones as powers of ten. */
export function formatValue(x: number): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? notANumber : x > 0 ? "∞" : `${minus}∞`;
  if (Number.isInteger(x) && Math.abs(x) < 1e7) return withMinus(String(x));
  const size = Math.abs(x);
  if (size < 1e-4 || size >= 1e7) return scientific(x);
  return withMinus(format(size < 1000 ? ".4~r" : ".2~f")(x));
}

/** A score or probability with four decimals; values beyond ±1000 or tiny ones as formatValue does. */
export function formatScore(x: number): string {
  if (!Number.isFinite(x) || Math.abs(x) >= 1000 || (x !== 0 && Math.abs(x) < 1e-4)) return formatValue(x);
  return withMinus(x.toFixed(4));
}

/** How small something is: 0, 2·10⁻⁶, or plain digits where they are short. What is not small after all is a power of ten as well. */
export function formatSmall(x: number): string {
  const size = Math.abs(x);
  if (size === 0 || !Number.isFinite(x)) return formatValue(size);
  return size < 1e-3 || size >= 1e7 ? scientific(size) : format(".2~r")(size);
}

/** 0.642 → "64.2 %"; fractions below a tenth of a percent say so instead of reading zero. */
export function formatPercent(fraction: number, digits = 1): string {
  if (!Number.isFinite(fraction)) return notANumber;
  const least = 10 ** -digits / 100;
  if (fraction !== 0 && Math.abs(fraction) < least) return `< ${formatPercent(least, digits)}`;
  return withMinus(`${(fraction * 100).toFixed(digits)} %`);
}

/** A signed credit whose decimals fit the largest of its chart: three significant digits there, the same decimals everywhere. */
export function creditFormatter(largest: number): (credit: number) => string {
  const size = Math.abs(largest);
  if (!Number.isFinite(size) || size === 0) return (credit) => (credit === 0 ? "0" : withMinus(format("+.3~r")(credit)));
  const magnitude = Math.floor(Math.log10(size));
  const tiny = magnitude < -5 || magnitude > 6;
  const decimals = Math.min(8, Math.max(0, 2 - magnitude));
  return (credit) => {
    if (!Number.isFinite(credit)) return notANumber;
    if (credit === 0) return "0";
    return tiny ? `${credit > 0 ? "+" : ""}${scientific(credit)}` : withMinus(format(`+.${decimals}f`)(credit));
  };
}

/** 41.2 → "41 ms", 2130 → "2.1 s". */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1) return "< 1 ms";
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** A difference with its sign: three significant digits, "0" for none. */
export function formatSigned(x: number): string {
  if (!Number.isFinite(x)) return notANumber;
  if (x === 0) return "0";
  const size = Math.abs(x);
  return `${x < 0 ? minus : "+"}${size < 1e-4 || size >= 1e6 ? scientific(size) : format(".3~r")(size)}`;
}
