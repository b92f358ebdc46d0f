import { expect, test } from "vitest";
import { creditFormatter, formatPercent, formatScore, formatSmall, formatValue } from "../../../src/viewmodel/format.js";

test.each([
  [134, "134"],
  [-3, "−3"],
  [23.8, "23.8"],
  [0.277, "0.277"],
  [0.00001234, "1·10⁻⁵"],
  [-2.5e9, "−3·10⁹"],
  [0, "0"],
  [NaN, "n/a"],
  [-Infinity, "−∞"],
])("value %d reads %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test("scores have four decimals, small gaps one digit, percents never pretend to be zero", () => {
  expect(formatScore(0.4871)).toBe("0.4871");
  expect(formatScore(-1.5)).toBe("−1.5000");
  expect(formatSmall(-2e-6)).toBe("2·10⁻⁶");
  expect(formatSmall(0)).toBe("0");
  expect(formatPercent(0.642)).toBe("64.2 %");
  expect(formatPercent(0.0001)).toBe("< 0.1 %");
  expect(formatPercent(0)).toBe("0.0 %");
});

test("credits of one chart share their decimals and keep their sign", () => {
  const credit = creditFormatter(-0.162);
  expect([credit(-0.162), credit(0.0294), credit(0)]).toEqual(["−0.162", "+0.029", "0"]);
  expect(creditFormatter(12345)(-3.2)).toBe("−3");
  expect(creditFormatter(3e-9)(3e-9)).toBe("+3·10⁻⁹");
  expect(creditFormatter(0)(0)).toBe("0");
});
